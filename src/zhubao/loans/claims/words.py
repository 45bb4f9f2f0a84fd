"""Words of a claim's differences and refusals, one for pages and papers."""

from typing import Final

from zhubao.language import Text
from zhubao.lending.claim_comparison import Cause

CAUSES: Final[dict[str, Text]] = {
    Cause.ROUNDING: Text("尾差", "rounding"),
    Cause.DAY_COUNT: Text("计息天数算法不同", "days counted in another way"),
    Cause.ARITHMETIC: Text(
        "金额与本行本金、利率、天数不符", "the amount does not follow from the line's own principal, rate and days"
    ),
    Cause.RATE: Text("利率不符", "another rate"),
    Cause.UNKNOWN_DRAW: Text("本金多于在册放款", "more principal than was drawn"),
    Cause.BEFORE_DRAW: Text("放款之前的天数", "days before the draw"),
    Cause.NOT_CERTIFIED: Text("困难身份未认定的天数", "days without a certified hardship"),
    Cause.AFTER_GRACE: Text("达到领取条件之后的天数", "days after the pension conditions were met"),
    Cause.AFTER_DEATH: Text("借款人身故之后的天数", "days after the borrower's death"),
    Cause.NOT_PAID_IN: Text("放款未缴费到账", "a draw that did not arrive as contribution"),
    Cause.OUTSIDE_PERIOD: Text("不在计息年度内", "days outside the year"),
    Cause.DUPLICATE: Text("同一天数重复申报", "the same days twice"),
    Cause.ALREADY_CLAIMED: Text("以前已申报", "claimed before"),
    Cause.ASKED_LESS: Text("银行少报", "the bank asks for less"),
    Cause.BACK_DATED: Text("更正以前年度", "correction of an earlier year"),
    Cause.NOT_LISTED: Text("应冲减而银行未列", "to be given back, not listed by the bank"),
}
REFUSALS: Final[dict[str, Text]] = {
    "E-LOAN-UNKNOWN": Text("该银行没有这笔贷款", "the bank has no such loan here"),
    "E-CLAIM-PERSON": Text("身份证号与借款人不符", "the citizen number is not the borrower's"),
    "E-CLAIM-TAKEN": Text("以前已申报", "claimed before"),
    "E-CLAIM-DEAD": Text("借款人已身故", "the borrower had died"),
    "E-CLAIM-UNCERTIFIED": Text("未认定困难身份", "no certified hardship"),
    "E-CLAIM-GRACE": Text("已达到领取条件", "the pension conditions were met"),
    "E-CLAIM-UNPAID": Text("放款未缴费到账", "the draw did not arrive as contribution"),
    "E-CLAIM-PERIOD": Text("不在计息年度内", "outside the year"),
    "E-CLAIM-NOTHING": Text("这些天数财政不贴息", "nothing is borne for these days"),
    "E-CLAIM-REFUSED": Text("核对时决定不予受理", "refused by the office that checked"),
}
UNKNOWN: Final = Text("贷款或借款人不符", "loan or borrower not known")


def refusal_words(code: str) -> Text:
    """Return why a line was refused; a code of the replay stands for itself."""
    return REFUSALS.get(code) or Text(f"无法重算（{code}）", f"cannot be recomputed ({code})")
