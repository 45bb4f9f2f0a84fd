"""What a replay refuses, each with the key and the day at fault; days are ordinals."""

from datetime import date

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .events import Kind

# The key of the JSON format that an event comes from, to name the place of a refusal.
PLACES = {
    int(Kind.PENSION_SET): "pension",
    int(Kind.BASIC_PENSION_SET): "basic_pension_fen",
    int(Kind.FLOOR_SET): "floor_fen",
    int(Kind.AGREED_SET): "agreed_fen",
    int(Kind.RATE_SET): "rates",
    int(Kind.CEILING_SET): "ceiling",
    int(Kind.PREPAID): "prepayments",
    int(Kind.PAID_OFF): "prepayments",
    int(Kind.MATURED): "maturity",
    int(Kind.DIED): "death",
    int(Kind.SETTLED): "settlements",
    int(Kind.DEDUCTION_DUE): "repayment",
    int(Kind.DEDUCTED): "repayment",
    int(Kind.TRANCHE_PAID): "disbursements",
}


def place(day: int, kind: int) -> str:
    """Return the key and the day of an event, as a refusal names them."""
    return f"{PLACES.get(kind, Kind(kind).name.lower())} {date.fromordinal(day)}"


def unknown(day: int, kind: int) -> ZhubaoError:
    """A rate, pension, floor or basic pension is needed before its table begins."""
    return ZhubaoError(
        "E-LOAN-RATE" if kind == Kind.RATE_SET else "E-LOAN-TABLE",
        Text(f"{date.fromordinal(day)} 还没有数值", f"no value in force on {date.fromordinal(day)}"),
        place=PLACES[kind],
        remedy=Text("补上当日或更早起算的一行", "add a row that starts on or before that day"),
    )


def above_debt(day: int, kind: int, amount: int, owed: int) -> ZhubaoError:
    """More is paid than is owed."""
    return ZhubaoError(
        "E-LOAN-ABOVE-DEBT",
        Text(f"还款 {amount} 分，欠款只有 {owed} 分", f"{amount} fen are paid, only {owed} fen are owed"),
        place=place(day, kind),
    )


def above_cap(day: int, amount: int, order: int) -> ZhubaoError:
    """More was deducted than the rule allows."""
    return ZhubaoError(
        "E-LOAN-ABOVE-CAP",
        Text(f"扣了 {amount} 分，最多可扣 {order} 分", f"{amount} fen were deducted, at most {order} fen may be"),
        place=place(day, Kind.DEDUCTED),
        remedy=Text("退回多扣部分", "return what was taken too much"),
    )


def above_ceiling(day: int, ppm: int, ceiling: int) -> ZhubaoError:
    """The rate is above what the policy allows on its day."""
    return ZhubaoError(
        "E-LOAN-CEILING",
        Text(f"利率百万分之 {ppm} 高于上限百万分之 {ceiling}", f"a rate of {ppm} ppm is above the ceiling of {ceiling} ppm"),
        place=place(day, Kind.RATE_SET),
    )


def after_the_end(day: int, kind: int) -> ZhubaoError:
    """Something happens after the death or the maturity."""
    return ZhubaoError(
        "E-LOAN-CLOSED",
        Text("发生在借款人死亡或贷款到期之后", "this comes after the death or the maturity"),
        place=place(day, kind),
    )


def late_tranche(day: int) -> ZhubaoError:
    """A tranche follows the first deduction."""
    return ZhubaoError(
        "E-LOAN-TRANCHE-LATE",
        Text("已开始扣款，不能再放款", "a tranche cannot follow the first deduction"),
        place=place(day, Kind.TRANCHE_PAID),
    )


def owed_at_transfer(day: int, principal: int, due: int) -> ZhubaoError:
    """The pension relationship moves while something is owed."""
    return ZhubaoError(
        "E-LOAN-TRANSFER",
        Text(f"尚欠 {principal + due} 分，结清后方可转移", f"{principal + due} fen are still owed; settle before the transfer"),
        place=place(day, Kind.TRANSFERRED),
    )


def no_such_tranche(day: int, entry: int) -> ZhubaoError:
    """An unpaid contribution names a tranche that is not there."""
    return ZhubaoError(
        "E-LOAN-TRANCHE",
        Text(f"没有登记号为 {entry} 的放款", f"there is no tranche with entry number {entry}"),
        place=place(day, Kind.CONTRIBUTION_UNPAID),
    )
