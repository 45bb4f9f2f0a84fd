"""Papers of fraud and dishonesty: the notice of facts, the decision, and the list for a department that takes part in sanctions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple

from .amounts import amount_in_words, amount_in_yuan
from .lists import Cell, Column, PrintedList
from .sheets import ticked
from .typesetting import Printable, PrintedForm
from .wording import chinese_date

DELIVERY = (("当面送达", False), ("邮寄送达", False), ("留置送达", False))


def sentence(text: str) -> str:
    """Return words somebody typed as a sentence: with a full stop unless they end with a mark of their own."""
    said = text.strip()
    return said if said.endswith(("。", "！", "？", "；", ".", "!", "?")) else f"{said}。"


@dataclass(frozen=True, kw_only=True)
class NoticeOfFacts(PrintedForm):
    """What is held against a person before anything is decided: facts, papers, basis, what is intended, until when to answer.

    `until` is None before the notice is served: then the days stand in words.
    """

    template: ClassVar[str] = "decision.typ"
    kind: ClassVar[str] = "事实告知书"
    version: ClassVar[str] = "1"

    title: str
    person: str
    citizen_number: str
    loan_number: str
    facts: str
    evidence: str
    basis: str
    intended: str
    days: int
    until: date | None
    office: str

    def content(self) -> dict[str, Printable]:
        """Return facts, evidence, intention, and the right to be heard."""
        period = f"{chinese_date(self.until)}前" if self.until else f"收到本告知书后 {self.days} 个工作日内"
        return {
            "title": self.title,
            "addressee": self.person,
            "citizen_number": self.citizen_number,
            "paragraphs": [
                f"我们在核查您的助保贷款（编号 {self.loan_number}）时发现：{sentence(self.facts)}",
                f"以上事实的依据：{sentence(self.evidence)}",
                f"根据{self.basis}，{self.intended}。",
                f"作出决定之前，您有权陈述和申辩。请在{period}以书面或到窗口口头提出，也可以在网上本人的页面填写；"
                "逾期没有提出的，视为放弃陈述和申辩。您提出的事实和理由，我们会核实。",
                "本告知书不是决定，您的贷款、还款和贴息目前照常。",
            ],
            "office": self.office,
            "delivery": ticked(DELIVERY),
        }


@dataclass(frozen=True, kw_only=True)
class FraudDecision(PrintedForm):
    """Fraud was found: why, what the person said, what is to be paid back to whom, what can be done against it. Money in fen."""

    template: ClassVar[str] = "decision.typ"
    kind: ClassVar[str] = "认定与追回决定书"
    version: ClassVar[str] = "1"

    person: str
    citizen_number: str
    loan_number: str
    facts: str
    notified: date
    statement: str
    reasons: str
    basis: str
    principal_fen: int
    interest_fen: int
    subsidy_fen: int
    bank: str
    finance: str
    remedy: str
    office: str

    def content(self) -> dict[str, Printable]:
        """Return facts, hearing, reasons, what is recovered, and the remedy."""
        total = self.principal_fen + self.interest_fen
        heard = "您没有提出陈述。" if not self.statement else f"您的陈述：{sentence(self.statement)}"
        subsidy = (
            f"二、向{self.finance}退回已支付的贴息 {amount_in_yuan(self.subsidy_fen)} 元"
            f"（人民币{amount_in_words(self.subsidy_fen)}）。"
            if self.subsidy_fen
            else "二、没有已支付的贴息需要退回。"
        )
        return {
            "title": "认定与追回决定书",
            "addressee": self.person,
            "citizen_number": self.citizen_number,
            "paragraphs": [
                f"您的助保贷款（编号 {self.loan_number}），经查：{sentence(self.facts)}",
                f"我们已于{chinese_date(self.notified)}告知您以上事实。{heard}",
                f"认定理由：{sentence(self.reasons)}",
                f"根据{self.basis}，经与财政部门共同审核，决定：",
                f"一、向{self.bank}归还本金 {amount_in_yuan(self.principal_fen)} 元和利息 {amount_in_yuan(self.interest_fen)} 元，"
                f"合计 {amount_in_yuan(total)} 元（人民币{amount_in_words(total)}）；还清前的利息另计。",
                subsidy,
                "三、尚未发放的贷款不再发放；涉嫌违法的，移送有权机关处理。",
                self.remedy,
            ],
            "office": self.office,
            "delivery": ticked(DELIVERY),
        }


@dataclass(frozen=True, kw_only=True)
class ListingDecision(PrintedForm):
    """Somebody is put on the list: why, until when, how to come off earlier, what can be done against it."""

    template: ClassVar[str] = "decision.typ"
    kind: ClassVar[str] = "列入严重失信人名单决定书"
    version: ClassVar[str] = "1"

    person: str
    citizen_number: str
    loan_number: str
    facts: str
    notified: date
    statement: str
    reasons: str
    basis: str
    listed: date
    removal: date
    remedy: str
    office: str

    def content(self) -> dict[str, Printable]:
        """Return facts, hearing, reasons, the listing with its end, and the remedy."""
        heard = "您没有提出陈述。" if not self.statement else f"您的陈述：{sentence(self.statement)}"
        return {
            "title": "列入严重失信人名单决定书",
            "addressee": self.person,
            "citizen_number": self.citizen_number,
            "paragraphs": [
                f"您的助保贷款（编号 {self.loan_number}），经查：{sentence(self.facts)}",
                f"我们已于{chinese_date(self.notified)}告知您以上事实和拟列入名单的意见。{heard}",
                f"理由：{sentence(self.reasons)}",
                f"根据{self.basis}，决定自{chinese_date(self.listed)}起将您列入严重失信人名单，{chinese_date(self.removal)}移出。",
                "在此期间已经纠正的，可以申请提前移出。列入名单不改变贷款协议，贷款仍按约定偿还。",
                self.remedy,
            ],
            "office": self.office,
            "delivery": ticked(DELIVERY),
        }


class SanctionRow(NamedTuple):
    """One person of the list handed to a department; `tag` says under which document (JX, TL)."""

    name: str
    citizen_number: str
    tag: str
    fact: str
    amount_fen: int
    listed: date
    removal: date
    number: str


@dataclass(frozen=True, kw_only=True)
class SanctionList(PrintedList):
    """Who is on the list on a day, for one receiving department."""

    kind: ClassVar[str] = "严重失信人名单"
    version: ClassVar[str] = "1"

    people: tuple[SanctionRow, ...]
    receiver: str

    @property
    def title(self) -> str:
        """The heading."""
        return "助保贷款严重失信人名单"

    @property
    def scope(self) -> str:
        """The department it is for, and the day it stands for."""
        return f"送：{self.receiver}　截至 {chinese_date(self.date)}"

    def columns(self) -> tuple[Column, ...]:
        """Name, number, document, fact, amount, listed, removal, number of the listing."""
        return (
            Column("姓名", "text", 10),
            Column("身份证号", "code", 15),
            Column("文件", "code", 5),
            Column("失信事实", "text", 20),
            Column("涉及金额（元）", "yuan", 11),
            Column("列入日期", "day", 12),
            Column("移出日期", "day", 12),
            Column("编号", "code", 14),
        )

    def cells(self) -> Sequence[Sequence[Cell]]:
        """One row a person, in the order given."""
        return self.people
