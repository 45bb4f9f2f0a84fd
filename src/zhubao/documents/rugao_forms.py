"""Rugao's two annex forms: application (Annex 1) and renewal (Annex 2). Field names and order are the annexes'; wording is ours."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .amounts import amount_in_ten_thousands, amount_in_words, amount_in_yuan
from .typesetting import Printable, PrintedForm
from .wording import chinese_date, chinese_month

HARDSHIPS = {
    "dibao": "城乡最低生活保障对象",
    "laid_off": "下岗失业人员",
    "poor_worker_family": "特困职工家庭成员",
    "zero_employment": "零就业家庭成员",
    "severe_disability": "一、二级重度残疾人",
    "childless": "无子女、无业且无经营投资收入人员",
}
"""The six kinds of Art. 4, in its order; the key is the category's name in the rules. Annex 1 itself says only urban dibao (A: Art. 4 wins)."""

APPLICATION_COPIES = ("居（村）委会留存", "社保经办机构留存", "财政部门留存", "合作银行留存", "申请人留存")
"""Five copies and their keepers (Annex 1, note 2)."""

_APPLICATION = (
    "本人以个人身份参加企业职工基本养老保险，目前因生活困难无力按时缴费，特申请助保贷款，用于缴纳本人的基本养老保险费。"
)
_TRUTH = "本人所填内容和提交的材料均属实，已出示原件并留存复印件；如有虚假，愿承担相应的法律责任。"
_UNDERTAKINGS = (
    "诚实守信，贷款只用于缴纳本人养老保险费，接受合作银行和社保经办机构的贷后管理。",
    "自开始领取养老金之日起，贷款利息由本人承担。",
    "自领取养老金首月起，每月以不超过本人养老金 50% 的金额归还贷款，同意由合作银行直接扣划，不拖欠，直至本息还清。",
    "本人无法继续还清贷款时，同意以本人养老保险个人账户余额优先归还。",
)
_COMMITTEE = "经入户了解并公示，申请人情况属实，目前确无缴费能力，符合助保贷款条件。本会将协助做好后续管理，建议予以批准。"
_MONTH = "届时预计符合按月领取养老金的条件；本项只供核定贷款使用，不代替退休审批。"
_AGREED = "经审核，符合助保贷款条件，同意办理。"
_REQUEST = "请合作银行受理审核，各期贷款金额以本机构核定数为准；请财政部门按规定贴息，领取养老金之后的利息由借款人承担。"
_INTEREST = "贷款利息按实际使用天数计算，利率执行办理时中国人民银行公布的同期贷款基准利率。"
_SUBSIDY = "每年年末，本行将应由财政负担的利息列表报人社部门，由其会同财政部门审核拨付。"
_NOTES = (
    "申请时须携带身份证、户口簿和困难证明材料的原件。",
    "本表一式五份，居（村）委会、社保经办机构、财政部门、合作银行、申请人各执一份。",
    "本表是办理贷款的重要凭证，请妥善保管。",
)
_LEAST_FAMILY_ROWS = 6


@dataclass(frozen=True)
class FamilyMember:
    """One row of the family table; age in whole years, None leaves room."""

    name: str
    age: int | None
    relation: str
    employer: str = ""
    phone: str = ""

    def row(self) -> dict[str, Printable]:
        """Return the five columns as printed."""
        age = "" if self.age is None else str(self.age)
        return {"name": self.name, "age": age, "relation": self.relation, "employer": self.employer, "phone": self.phone}


@dataclass(frozen=True)
class CommitteeOpinion:
    """First review of the residents' or villagers' committee; empty values leave room for pen and seal."""

    office: str = ""
    hardship: str = ""
    handler: str = ""
    signed: date | None = None


@dataclass(frozen=True)
class AgencyOpinion:
    """Review of the social insurance agency: pension month (any day of it), months still to pay, preliminary amount in fen."""

    office: str = ""
    pension_month: date | None = None
    months_left: int | None = None
    amount_fen: int | None = None
    handler: str = ""
    signed: date | None = None


@dataclass(frozen=True)
class BankOpinion:
    """The cooperating bank's word; `lends` None while it has not decided."""

    office: str = ""
    lends: bool | None = None
    handler: str = ""
    signed: date | None = None


@dataclass(frozen=True, kw_only=True)
class RugaoApplication(PrintedForm):
    """Annex 1. `hardships` holds keys of HARDSHIPS; `born` is any day of the month of birth; E-PRINT-HARDSHIP for an unknown key."""

    template: ClassVar[str] = "rugao-application.typ"
    kind: ClassVar[str] = "助保贷款申请表"
    version: ClassVar[str] = "1"

    name: str
    sex: Literal["男", "女"]
    born: date
    citizen_number: str
    phone: str
    address: str
    household_place: str
    former_employer: str
    family: tuple[FamilyMember, ...]
    hardships: frozenset[str]
    signed: date | None = None
    committee: CommitteeOpinion = CommitteeOpinion()
    agency: AgencyOpinion = AgencyOpinion()
    bank: BankOpinion = BankOpinion()

    def content(self) -> dict[str, Printable]:
        """Return the fields in the annex's order."""
        family = [member.row() for member in self.family]
        family += [FamilyMember("", None, "").row()] * (_LEAST_FAMILY_ROWS - len(family))
        amount = self.agency.amount_fen
        return {
            "title": "如皋市“阳光扶贫”助保贷款申请表",
            "name": self.name,
            "sex": self.sex,
            "born": chinese_month(self.born),
            "citizen_number": self.citizen_number,
            "phone": self.phone,
            "address": self.address,
            "household_place": self.household_place,
            "former_employer": self.former_employer,
            "family": list(family),
            "hardships": hardship_choices(self.hardships),
            "application": _APPLICATION,
            "truth": _TRUTH,
            "undertakings": list(_UNDERTAKINGS),
            "signer": "",
            "signed": chinese_date(self.signed),
            "committee": {
                "office": self.committee.office,
                "hardship": self.committee.hardship,
                "text": _COMMITTEE,
                "handler": self.committee.handler,
                "day": chinese_date(self.committee.signed),
            },
            "agency": {
                "office": self.agency.office,
                "pension_month": chinese_month(self.agency.pension_month) if self.agency.pension_month else "",
                "month_text": _MONTH,
                "agreed_text": _AGREED,
                "months_left": "" if self.agency.months_left is None else str(self.agency.months_left),
                "amount": "" if amount is None else amount_in_ten_thousands(amount),
                "amount_in_words": "" if amount is None else amount_in_words(amount),
                "request": _REQUEST,
                "handler": self.agency.handler,
                "day": chinese_date(self.agency.signed),
            },
            "bank": {
                "office": self.bank.office,
                "decision": [
                    {"name": "同意发放贷款", "on": self.bank.lends is True},
                    {"name": "不同意发放贷款", "on": self.bank.lends is False},
                ],
                "interest": _INTEREST,
                "subsidy": _SUBSIDY,
                "handler": self.bank.handler,
                "day": chinese_date(self.bank.signed),
            },
            "notes": list(_NOTES),
        }


@dataclass(frozen=True)
class RenewalOpinion:
    """An opinion on the renewal form: reviewer or approver and date; `amount_fen` only for the agency."""

    office: str = ""
    reviewer: str = ""
    signed: date | None = None
    amount_fen: int | None = None


@dataclass(frozen=True, kw_only=True)
class RugaoRenewal(PrintedForm):
    """Annex 2, the n-th renewal: `sequence` counts from 1; `amount_fen` is what the borrower asks for this year."""

    template: ClassVar[str] = "rugao-renewal.typ"
    kind: ClassVar[str] = "助保贷款续贷申请表"
    version: ClassVar[str] = "1"

    sequence: int
    name: str
    sex: Literal["男", "女"]
    born: date
    citizen_number: str
    phone: str
    former_employer: str
    address: str
    hardships: frozenset[str]
    amount_fen: int | None = None
    signed: date | None = None
    committee: RenewalOpinion = RenewalOpinion()
    agency: RenewalOpinion = RenewalOpinion()

    def content(self) -> dict[str, Printable]:
        """Return the fields in the annex's order."""
        return {
            "title": "如皋市“阳光扶贫”助保贷款续贷申请表",
            "sequence": str(self.sequence),
            "name": self.name,
            "sex": self.sex,
            "born": chinese_month(self.born),
            "citizen_number": self.citizen_number,
            "phone": self.phone,
            "former_employer": self.former_employer,
            "address": self.address,
            "hardships": hardship_choices(self.hardships),
            "application": "本人目前生活困难的情况仍未改善，申请本年度继续使用助保贷款缴纳养老保险费。",
            "amount": "" if self.amount_fen is None else amount_in_yuan(self.amount_fen),
            "amount_in_words": "" if self.amount_fen is None else amount_in_words(self.amount_fen),
            "signed": chinese_date(self.signed),
            "committee": {
                "office": self.committee.office,
                "text": "经核实，续贷理由属实，同意继续贷款。",
                "reviewer": self.committee.reviewer,
                "day": chinese_date(self.committee.signed),
            },
            "agency": {
                "office": self.agency.office,
                "amount": "" if self.agency.amount_fen is None else amount_in_yuan(self.agency.amount_fen),
                "amount_in_words": "" if self.agency.amount_fen is None else amount_in_words(self.agency.amount_fen),
                "reviewer": self.agency.reviewer,
                "day": chinese_date(self.agency.signed),
            },
        }


def hardship_choices(chosen: frozenset[str]) -> list[Printable]:
    """Return the six kinds in order, ticked where chosen; E-PRINT-HARDSHIP for a key that is none of the six."""
    unknown = sorted(chosen - HARDSHIPS.keys())
    if unknown:
        raise ZhubaoError(
            "E-PRINT-HARDSHIP",
            Text(f"表中没有这个困难类型：{'、'.join(unknown)}", f"the form has no such hardship: {', '.join(unknown)}"),
            remedy=Text(f"可选：{'、'.join(HARDSHIPS)}", f"choose from {', '.join(HARDSHIPS)}"),
        )
    return [{"name": name, "on": key in chosen} for key, name in HARDSHIPS.items()]
