"""What a borrower agrees to when signing, apart from the terms: each promise with its day, and which programme wants which."""

from dataclasses import asdict, dataclass
from datetime import date

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .contract import JIANGXI, RUGAO, TONGLING, Terms

LABELS = {
    "deduction_agreed_on": Text("同意从养老金中扣还", "the deduction from the pension"),
    "account_locked_on": Text("还清前不变更社保卡金融账户", "the card account kept until repaid"),
    "honest_use_on": Text("守信、专款专用、接受贷后管理", "honest use and supervision"),
    "own_interest_on": Text("领取养老金后利息自担", "the interest after the pension begins"),
    "account_first_on": Text("还不清时以个人账户余额优先归还", "the account balance to repay first"),
}
WANTED: dict[str, tuple[str, ...]] = {
    JIANGXI: ("deduction_agreed_on", "account_locked_on"),
    RUGAO: ("honest_use_on", "own_interest_on", "deduction_agreed_on", "account_first_on"),
    TONGLING: ("account_locked_on",),
}


@dataclass(frozen=True)
class Promises:
    """The day of each promise; None: not given. Named like the columns of an agreement."""

    deduction_agreed_on: date | None = None
    account_locked_on: date | None = None
    honest_use_on: date | None = None
    own_interest_on: date | None = None
    account_first_on: date | None = None

    def columns(self) -> dict[str, date | None]:
        """Return the promises as columns of an agreement."""
        return asdict(self)


def require_promises(policy_id: str, promises: Promises, terms: Terms, signed_on: date) -> None:
    """Raise E-PROMISE naming every promise the programme wants that is not given, or was given after the day of signing.

    The deduction is wanted wherever the contract repays from the pension, in Tongling not always (tl-4.1a); the basic pension, once signed, can no
    longer be given in (tl-4.2c).
    """
    given = promises.columns()
    wanted = WANTED[policy_id]
    if terms.method == "pension_monthly" and "deduction_agreed_on" not in wanted:
        wanted = (*wanted, "deduction_agreed_on")
    lacking = [LABELS[name] for name in wanted if given[name] is None]
    late = [LABELS[name] for name, day in given.items() if day is not None and day > signed_on]
    if terms.basic_pension_agreed_on is not None and terms.basic_pension_agreed_on > signed_on:
        late.append(Text("用基础养老金还款的约定", "the consent to use the basic pension"))
    if lacking or late:
        zh = [f"缺{each.zh}" for each in lacking] + [f"{each.zh}的日期在签订日之后" for each in late]
        en = [f"{each.en} is missing" for each in lacking] + [f"{each.en} is dated after the signing" for each in late]
        raise ZhubaoError("E-PROMISE", Text("；".join(zh), "; ".join(en)), place=signed_on.isoformat())
