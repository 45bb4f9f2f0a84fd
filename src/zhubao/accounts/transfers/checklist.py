"""The check-list of a transfer: which points each kind has, and which of them are not in order."""

from dataclasses import dataclass, field

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .models import CheckOutcome, TransferKind

ITEMS = {
    "identity": Text("身份证件或社保卡与参保记录一致", "identity card or social security card fits the record"),
    "record": Text("缴费记录完整、无误", "the record of contributions is complete and right"),
    "overlap": Text("两种制度重复缴费的月份已处理", "months paid in both schemes are dealt with"),
    "pension": Text("未领取任何养老待遇", "no pension is drawn"),
    "condition": Text("符合衔接条件：已到龄，职工缴费年限与去向相符", "of age, and the years paid fit the scheme gone to"),
}
LINKING = frozenset({TransferKind.TO_EMPLOYEE, TransferKind.TO_RESIDENT})


@dataclass(frozen=True)
class Found:
    """What was found about one point, with a remark."""

    outcome: str
    remark: str = ""


@dataclass(frozen=True)
class CheckList:
    """What a clerk found: each point of the list, and how many months were paid in both schemes (None: not counted)."""

    points: dict[str, Found] = field(default_factory=dict)
    overlap_months: int | None = None


def items_of(kind: str) -> list[str]:
    """Return the points a kind of transfer has, in the order they are checked."""
    return [item for item in ITEMS if item != "condition" or kind in LINKING]


def require_complete(kind: str, found: CheckList, place: str) -> None:
    """Raise E-CHECK-LIST naming what is missing or not in order, E-OVERLAP for overlapping months nobody dealt with."""
    faults = [ITEMS[item] for item in items_of(kind) if found.points.get(item, Found("unknown")).outcome != CheckOutcome.GOOD]
    if found.overlap_months is None:
        faults.append(Text("重复缴费月数未填", "months paid in both schemes not counted"))
    if faults:
        raise ZhubaoError(
            "E-CHECK-LIST",
            Text(
                "还不能核对通过：" + "、".join(each.zh for each in faults),
                "cannot be passed yet: " + ", ".join(each.en for each in faults),
            ),
            place=place,
            remedy=Text("请申请人补齐材料", "ask the person for what is missing"),
        )
    if found.overlap_months and not found.points["overlap"].remark.strip():
        raise ZhubaoError(
            "E-OVERLAP",
            Text(
                f"重复缴费 {found.overlap_months} 个月，未写明如何处理",
                f"{found.overlap_months} months overlap: say what was done",
            ),
            place=place,
            remedy=Text("写明退费单号或处理结果", "write the number of the refund, or what was done"),
        )
