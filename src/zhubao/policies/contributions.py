"""Months of contribution in two readings: without and with deemed months that nobody has confirmed yet."""

from dataclasses import dataclass

from zhubao.rules.expressions import Flag, Number, decide, flag, number
from zhubao.rules.policy import Policy

from .retirement import Retirement
from .vocabulary import Person


@dataclass(frozen=True)
class Contributions:
    """`low` counts months paid and deemed months confirmed; `high` counts every deemed month claimed.

    `total` and `projected` are known where the two readings are the same; projected = total + months still payable.
    """

    low: Number
    high: Number
    back_payable: Number
    months_left: Number
    total: Number
    projected: Number

    def at_least(self, months: Number | int, *, with_future: bool = False) -> Flag:
        """Whether the months reach `months`: yes where the sure ones do, no where all together do not, else unknown."""
        more = self.back_payable + self.months_left if with_future else number(0)
        sure, possible = self.low + more >= months, self.high + more >= months
        reached = decide([(sure, flag(True)), (~possible, flag(False))])
        return Flag(reached.node, reached.settles | {"deemed_confirmed"})


def contributions(law: Policy, retired: Retirement, *, back_pay: bool) -> Contributions:
    """Declare the months of contribution; gap months the tax authority accepts count as 0 while nobody gave any (A-JX-2)."""
    who = Person(law)
    paid, deemed = who.number("paid_months"), who.number("deemed_months")
    confirmed = who.flag("deemed_confirmed").known_true()
    low = law.derive("months_low", paid + decide([(confirmed & deemed.known(), deemed)], number(0)))
    high = law.derive("months_high", paid + deemed)
    gap = who.number("back_payable_months") if back_pay else number(0)
    accepted = law.derive("gap_months", decide([(gap.known(), gap)], number(0))) if back_pay else number(0)
    total = law.derive("total_months", decide([(low == high, low)]))
    projected = law.derive("projected", total + accepted + retired.months_left)
    _settled(total, projected)
    return Contributions(low, high, accepted, retired.months_left, total, projected)


def _settled(*values: Number) -> None:
    """Say which fact settles months whose two readings differ."""
    for value in values:
        value.settles = value.settles | {"deemed_confirmed"}
