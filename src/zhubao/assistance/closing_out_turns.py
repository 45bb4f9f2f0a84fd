"""Why a row is still open, whose turn it is, since when and by when: the words of the ledger that closes. Pure but for the row it reads."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q
from django.utils.timezone import localdate

from zhubao.access.roles import Role
from zhubao.language import Text
from zhubao.policies import judge_of

from .models import Channel, PlanRow
from .states import process_of

YEAR_END = (12, 31)


@dataclass(frozen=True)
class Turn:
    """What is left to do: a code, why it waits, who acts next. `due_on` is the last day in time, `since` when it began to wait."""

    code: str
    why: Text
    who: Text
    role: str
    since: date
    due_on: date | None

    def late(self, today: date) -> bool:
        """Tell whether its day has passed."""
        return self.due_on is not None and self.due_on < today


VILLAGE = Text("村（社区）和本人", "the village and the person")
CENTRE = Text("县社保中心", "the county centre")
TAX = Text("税务部门", "tax")
DEPARTMENT = Text("主管部门", "the certifying department")
FINANCE = Text("财政部门", "finance")
TOWNSHIP = Text("乡镇（村）", "the township or village")

# Code → why it waits, who acts next, the role of that post.
WAITS: dict[str, tuple[Text, Text, str]] = {
    "check": (Text("身份或参保情况待核对", "identity or insurance still to be checked"), CENTRE, Role.AGENCY_REVIEWER),
    "own_part": (Text("自付部分没交", "the own part is not paid"), VILLAGE, Role.COMMITTEE_MEMBER),
    "list": (Text("不用自付，等税务列入实缴数据", "nothing to pay; tax lists it in the actual data"), TAX, Role.TAX_CLERK),
    "listed": (Text("自付已缴，等税务列入实缴数据", "own part paid; tax lists it in the actual data"), TAX, Role.TAX_CLERK),
    "verify": (Text("等主管部门核实", "the department verifies"), DEPARTMENT, Role.CERTIFIER),
    "claim": (Text("已核实，等主管部门申请资金", "verified; the department claims the money"), DEPARTMENT, Role.CERTIFIER),
    "claim_matched": (Text("等申请代缴资金", "the money is to be claimed"), CENTRE, Role.AGENCY_REVIEWER),
    "fund": (Text("等财政拨付代缴资金", "finance pays the money"), FINANCE, Role.FINANCE_CLERK),
    "credit": (Text("资金已到，等缴费记账", "the money is there; to be credited"), TAX, Role.TAX_CLERK),
    "disability": (
        Text("重残按原渠道结算", "settled by the former channel of the severely disabled"),
        FINANCE,
        Role.FINANCE_CLERK,
    ),
    "refund_list": (
        Text("本人已全额缴费，等列退费名单", "paid in full by the person; to be listed for refund"),
        CENTRE,
        Role.AGENCY_REVIEWER,
    ),
    "refund": (Text("等主管部门退还代缴部分", "the department refunds the part on behalf"), DEPARTMENT, Role.CERTIFIER),
    "close": (Text("已办完，待销号", "done; to be closed out with its proof"), TOWNSHIP, Role.TOWNSHIP_CLERK),
    "closed": (Text("已销号", "closed out"), TOWNSHIP, ""),
}

_BY_STATE = {
    "rostered": "check",
    "matched": "check",
    "self_paid": "listed",
    "actual_listed": "verify",
    "verified": "claim",
    "claimed": "fund",
    "funded": "credit",
    "self_full": "refund_list",
    "refund_listed": "refund",
    "credited": "close",
    "refunded": "close",
    "excluded": "close",
    "cancelled": "close",
    "closed_out": "closed",
}
# States a row may be closed out from.
READY = ("credited", "refunded", "excluded", "cancelled")
# The own part is owed: a village calls on the household.
OWING = Q(state="planned", channel=Channel.COUNTY, self_paid_fen__lt=F("self_pay_fen"))


def code_of(row: PlanRow) -> str:
    """Return the code of what a row waits for."""
    if row.state != "planned":
        return _BY_STATE[row.state]
    if row.channel == Channel.DISABILITY:
        return "disability"
    if row.self_paid_fen < row.self_pay_fen:
        return "own_part"
    # Ganzhou has no actual data: its planned rows are claimed.
    verbs = {step.verb for step in process_of(row.plan.policy_id).leaving("planned")}
    return "list" if "list_actual" in verbs else "claim_matched"


def turn_of(row: PlanRow) -> Turn:
    """Return what is left to do for a row read with its plan."""
    code = code_of(row)
    why, who, role = WAITS[code]
    since = localdate(row.state_since)
    return Turn(code, why, who, role, since, _due(row, since, code))


def _due(row: PlanRow, since: date, code: str) -> date | None:
    """Return the last day in time: of the own part as planned, of a step with days of its own, else the end of the plan's year."""
    if code == "closed":
        return None
    end = date(row.plan.year, *YEAR_END)
    if code == "own_part" and row.due_on is not None:
        return row.due_on
    days = [step.due.days for step in process_of(row.plan.policy_id).leaving(row.state) if step.due is not None]
    return min(since + timedelta(days=min(days)), end) if days and code != "own_part" else end


def waiting_for(code: str) -> Q:
    """Return the rows that wait for a code, as a condition; KeyError for a code there is not."""
    WAITS[code]
    if code == "own_part":
        return OWING
    if code == "disability":
        return Q(state="planned", channel=Channel.DISABILITY)
    if code in ("list", "claim_matched"):
        return Q(state="planned", channel=Channel.COUNTY, self_paid_fen__gte=F("self_pay_fen"))
    return Q(state__in=[state for state, found in _BY_STATE.items() if found == code])


def category_label(policy_id: str, category: str) -> Text:
    """Return a category in words as the document has it; the code itself where the document has none, "" for none."""
    known = judge_of(policy_id).policy.identities.get(category)
    return known.label if known is not None else Text(category, category)
