"""Two papers for people outside the office: the notice to a household in plain words, and a sponsor's receipt."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple

from .amounts import amount_in_words, amount_in_yuan
from .typesetting import Printable, PrintedForm
from .wording import chinese_date


class Household(NamedTuple):
    """One household: the person, the village, what is paid on behalf, what remains (fen), and until when."""

    name: str
    village: str
    category: str
    on_behalf_fen: int
    own_fen: int
    due_on: date


@dataclass(frozen=True, kw_only=True)
class HouseholdNotices(PrintedForm):
    """Notices to households in large type, one a page: what is paid for you, what you pay, by when, where, whom to ask."""

    template: ClassVar[str] = "household-notice.typ"
    kind: ClassVar[str] = "养老保险缴费告知单"
    version: ClassVar[str] = "1"

    year: int
    office: str
    phone: str
    where: tuple[str, ...]
    households: tuple[Household, ...]

    def content(self) -> dict[str, Printable]:
        """Return the notices, every sentence as it is said."""
        return {
            "title": "养老保险缴费告知单",
            "year": str(self.year),
            "households": [self._one(each) for each in self.households],
            "where": list(self.where),
            "office": self.office,
            "phone": self.phone,
        }

    def _one(self, each: Household) -> dict[str, Printable]:
        due = chinese_date(each.due_on)
        paid = f"您是{each.category}，{self.year} 年的居民养老保险，政府替您缴 {amount_in_yuan(each.on_behalf_fen)} 元。"
        if each.own_fen:
            own = f"您自己还要缴 {amount_in_yuan(each.own_fen)} 元，请在 {due} 前缴清。"
            after = "缴清以后，政府那一份才会记到您的账上；没缴清，今年就不算参保。"
        else:
            own, after = "您自己不用缴钱。", "名下有变动（外出参保、上学、参军等），请告诉村里。"
        return {
            "who": f"{each.village}　{each.name}：",
            "paid": paid,
            "own": own,
            "after": after,
            "figure": f"{amount_in_yuan(each.own_fen)} 元" if each.own_fen else "不用缴",
            "due": due if each.own_fen else "",
        }


class ReceiptPerson(NamedTuple):
    """One sponsored person of a receipt: masked name, masked number, fen."""

    name: str
    citizen_number: str
    fen: int


@dataclass(frozen=True, kw_only=True)
class SponsorReceipt(PrintedForm):
    """The receipt a sponsor gets, with everybody it paid for."""

    template: ClassVar[str] = "sponsor-receipt.typ"
    kind: ClassVar[str] = "社会资助缴费收据"
    version: ClassVar[str] = "1"
    copies: tuple[str, ...] = ("资助方留存", "经办机构留存")

    sponsor: str
    sponsor_kind: str
    year: int
    paid_on: date
    payment: str
    recorded_on: date
    office: str
    people: tuple[ReceiptPerson, ...]

    def content(self) -> dict[str, Printable]:
        """Return what was received, for whom, and where it went."""
        total = sum(each.fen for each in self.people)
        return {
            "title": "社会资助缴费收据",
            "sponsor": f"{self.sponsor}（{self.sponsor_kind}）",
            "received": f"今收到资助 {len(self.people)} 人 {self.year} 年度居民养老保险费 {amount_in_yuan(total)} 元",
            "in_words": f"人民币{amount_in_words(total)}",
            "payment": f"{chinese_date(self.paid_on)}到款，付款凭证号 {self.payment}",
            "recorded": f"已于 {chinese_date(self.recorded_on)} 全额记入被资助人个人账户，来源标为“社会资助”。",
            "people": [
                {"position": str(position), "name": each.name, "number": each.citizen_number, "yuan": amount_in_yuan(each.fen)}
                for position, each in enumerate(self.people, 1)
            ],
            "total": amount_in_yuan(total),
            "office": self.office,
        }
