"""Papers that go to a person or onto a board: the decision ending a qualification, and the committee's public notice."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from zhubao.identity import mask_name, mask_number

from .amounts import amount_in_words, amount_in_yuan
from .sheets import ticked
from .typesetting import Printable, PrintedForm
from .wording import chinese_date


@dataclass(frozen=True, kw_only=True)
class TerminationDecision(PrintedForm):
    """Ending of a loan qualification: why, under which article, what debt stays, what can be done against it.

    `reminders` are the days of the reminders, at least one by the rules; `remedy` is the office's own sentence on objections.
    """

    template: ClassVar[str] = "decision.typ"
    kind: ClassVar[str] = "终止助保贷款资格决定书"
    version: ClassVar[str] = "1"

    borrower: str
    citizen_number: str
    loan_number: str
    drawn: date
    drawn_fen: int
    due: date
    reminders: tuple[date, ...]
    basis: str
    ends: date
    principal_left_fen: int
    remedy: str
    office: str

    def content(self) -> dict[str, Printable]:
        """Return facts, basis, decision, consequences and remedy as paragraphs."""
        days = "、".join(chinese_date(day) for day in self.reminders)
        left = f"{amount_in_yuan(self.principal_left_fen)} 元（人民币{amount_in_words(self.principal_left_fen)}）"
        return {
            "title": "终止助保贷款资格决定书",
            "addressee": self.borrower,
            "citizen_number": self.citizen_number,
            "paragraphs": [
                f"您的助保贷款（编号 {self.loan_number}）于{chinese_date(self.drawn)}发放 {amount_in_yuan(self.drawn_fen)} 元，"
                f"应在{chinese_date(self.due)}前用于缴纳养老保险费，至今没有缴费记录。"
                f"我们已在{days}提醒您 {len(self.reminders)} 次，仍未改正。",
                f"根据{self.basis}，决定自{chinese_date(self.ends)}起终止您的助保贷款资格，尚未发放的贷款不再发放。",
                f"已经发放的贷款仍须按协议归还，目前尚欠本金 {left}，利息另按协议计算。",
                self.remedy,
            ],
            "office": self.office,
            "delivery": ticked((("当面送达", False), ("邮寄送达", False), ("留置送达", False))),
        }


@dataclass(frozen=True)
class PublishedPerson:
    """A person on the board, given in clear and printed masked."""

    name: str
    citizen_number: str
    hardship: str


@dataclass(frozen=True, kw_only=True)
class CommitteeNotice(PrintedForm):
    """The committee's notice of who applied; first and last day of the notice inclusive. Names and numbers leave here masked."""

    template: ClassVar[str] = "public-notice.typ"
    kind: ClassVar[str] = "助保贷款初审公示"
    version: ClassVar[str] = "1"

    programme: str
    people: tuple[PublishedPerson, ...]
    first_day: date
    last_day: date
    office: str
    phone: str
    address: str

    def content(self) -> dict[str, Printable]:
        """Return the notice with masked people."""
        days = (self.last_day - self.first_day).days + 1
        return {
            "title": "公　　示",
            "opening": f"经本会初审，下列 {len(self.people)} 人拟推荐办理{self.programme}，现予公示，请居民监督。",
            "people": [
                {
                    "position": str(position),
                    "name": mask_name(person.name),
                    "number": mask_number(person.citizen_number),
                    "hardship": person.hardship,
                }
                for position, person in enumerate(self.people, 1)
            ],
            "period": f"{chinese_date(self.first_day)}至{chinese_date(self.last_day)}（共 {days} 天）",
            "objections": "对公示内容有异议的，可在公示期内来电、来信或当面向本会说明，本会对反映人的信息保密。",
            "phone": self.phone,
            "address": self.address,
            "office": self.office,
        }
