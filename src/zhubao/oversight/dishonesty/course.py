"""The course of a listing as seriously dishonest: facts, notice, statement, decision, until the removal day."""

from zhubao.access.roles import Role
from zhubao.language import Text
from zhubao.loans.states import JIANGXI, TONGLING
from zhubao.policies.claims import claim
from zhubao.workflow import CITIZEN, Due, Process, State, Transition

# What the documents speak of; being behind with repayment is none of it.
LISTING_KINDS: dict[str, Text] = {
    "fraud": Text("骗取贷款或贴息（已认定）", "fraud, found and agreed"),
    "diverted": Text("贷款挪作他用", "the loan was used for something else"),
    "moved_pension": Text("转存或支取还贷部分的养老金", "the part of the pension meant for repayment was moved or withdrawn"),
}
# Programme → kinds its document names; a programme that is not here lists nobody.
KINDS_OF: dict[str, tuple[str, ...]] = {
    JIANGXI: ("fraud", "diverted", "moved_pension"),
    TONGLING: ("fraud", "diverted", "moved_pension"),
}
PROPOSERS = (Role.HRSS_SUPERVISOR, Role.AGENCY_APPROVER)
HEARERS = (CITIZEN, Role.AGENCY_INTAKE, Role.HRSS_SUPERVISOR)

LISTING = Process(
    "listing",
    Text("严重失信人名单：列入与移出", "list of seriously dishonest persons"),
    (
        State(
            "proposed", Text("拟列入，待告知", "proposed, notice to be served"), Text("尚未告知", "the notice is not served yet")
        ),
        State(
            "notified",
            Text("已告知，听取陈述", "told, to be heard"),
            Text("您可以在期限内陈述和申辩", "you may state your side within the period"),
        ),
        State(
            "listed",
            Text("已列入", "listed"),
            Text("到移出日自动移出；纠正后可申请提前移出", "until the removal day, or earlier once put right"),
        ),
        State("removed", Text("已移出", "removed"), Text("已移出名单", "no longer on the list"), final=True),
        State("not_listed", Text("不予列入", "not listed"), Text("决定不予列入", "it was decided not to list"), final=True),
    ),
    (
        Transition(
            "16",
            "propose_listing",
            Text("提出拟列入事实", "propose with the facts"),
            (),
            ("proposed",),
            PROPOSERS,
            ("jx-4.2b", "tl-4.4"),
        ),
        Transition(
            "16",
            "serve_notice",
            Text("送达告知书", "serve the notice"),
            ("proposed",),
            ("notified",),
            (Role.HRSS_SUPERVISOR,),
            waits=True,
        ),
        Transition("16", "take_statement", Text("陈述和申辩", "state one's side"), ("notified",), (), HEARERS),
        Transition(
            "16",
            "decide_listing",
            Text("决定列入", "decide to list"),
            ("notified",),
            ("listed",),
            (Role.HRSS_SUPERVISOR,),
            ("jx-4.2b", "tl-4.4"),
            ("propose_listing",),
            Due("dishonesty_statement_days", 5, "working"),
            waits=True,
            reason=True,
        ),
        Transition(
            "16",
            "decline_listing",
            Text("不予列入", "decide not to list"),
            ("proposed", "notified"),
            ("not_listed",),
            (Role.HRSS_SUPERVISOR,),
            (),
            ("propose_listing",),
            reason=True,
        ),
        Transition(
            "16",
            "remove",
            Text("到期移出", "remove on the removal day"),
            ("listed",),
            ("removed",),
            (Role.HRSS_SUPERVISOR,),
        ),
        Transition(
            "16",
            "remove_early",
            Text("纠正后提前移出", "remove early once put right"),
            ("listed",),
            ("removed",),
            (Role.HRSS_SUPERVISOR,),
            (),
            ("decide_listing",),
            reason=True,
        ),
    ),
)

for _row in LISTING.transitions:
    claim(*_row.clauses, as_="state", by=f"{__name__}.LISTING#{_row.verb}")
