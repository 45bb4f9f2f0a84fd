"""The voucher and the day of money that moved: asked for in the same words, refused under the name of each act."""

from datetime import date
from typing import Final, NamedTuple

from zhubao.errors import ZhubaoError
from zhubao.language import Text

VOUCHER_LENGTH: Final = 60


class Act(NamedTuple):
    """What an act calls its voucher, and the codes under which it refuses voucher and day."""

    voucher: Text
    voucher_code: str
    day_code: str


CLAIM: Final = Act(Text("凭证号", "voucher"), "E-CLAIM-REFERENCE", "E-CLAIM-DAY")
REFUND: Final = Act(Text("付款凭证号", "voucher of the payment"), "E-REFUND-REFERENCE", "E-REFUND-DAY")
RECOVERY: Final = Act(Text("收款凭证号", "voucher of the receipt"), "E-RECOVERY-REFERENCE", "E-RECOVERY-DAY")
SETTLEMENT: Final = Act(Text("凭证号", "voucher"), "E-SETTLEMENT-REFERENCE", "E-SETTLEMENT-DAY")


def require_voucher(act: Act, reference: str, on: date, *, first: date | None, today: date, place: str) -> str:
    """Return the voucher without blanks around it; `on` has to lie from `first` to `today`, both included, None where nothing begins it.

    Raise the act's voucher code for none or one above 60 characters, its day code for another day.
    """
    voucher = reference.strip()
    if not voucher or len(voucher) > VOUCHER_LENGTH:
        raise ZhubaoError(
            act.voucher_code,
            Text(f"请填写{act.voucher.zh}", f"the number of the {act.voucher.en} is needed"),
            place=place,
            remedy=Text(f"填写不超过 {VOUCHER_LENGTH} 字的{act.voucher.zh}", f"at most {VOUCHER_LENGTH} characters"),
        )
    if on > today or (first is not None and on < first):
        since = (
            Text(f"{first} 至 {today} 之间", f"from {first} to {today}") if first else Text("今天或之前", "no later than today")
        )
        raise ZhubaoError(
            act.day_code, Text(f"日期应在{' ' if first else ''}{since.zh}", f"a day {since.en} is needed"), place=place
        )
    return voucher
