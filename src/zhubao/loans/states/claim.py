"""The course of a subsidy claim: from the bank over those who verify it to finance, which prepares, approves and pays by two people."""

from zhubao.access.roles import Role
from zhubao.language import Text
from zhubao.policies.claims import claim
from zhubao.workflow import Process, State, Transition

from .common_ground import JIANGXI, RUGAO

STATES = (
    State(
        "received",
        Text("已收到", "received"),
        Text("正在逐笔重算核对", "every line is being recomputed and compared"),
    ),
    State(
        "checked",
        Text("已核对", "checked"),
        Text("逐笔差异处理完后由复核人核实", "differences are settled line by line, then the claim is verified"),
    ),
    State(
        "returned",
        Text("已退回补正", "returned for correction"),
        Text("等银行更正后重新报送，期限暂停", "the bank corrects the file and hands it in again; the clock stands still"),
    ),
    State(
        "agency_verified",
        Text("已核实", "verified"),
        Text("等财政部门编制拨付", "finance prepares the payment"),
    ),
    State(
        "payment_prepared",
        Text("已编制拨付", "payment prepared"),
        Text("等财政部门另一人审批", "another person at finance approves it"),
    ),
    State(
        "finance_approved",
        Text("已审批", "approved"),
        Text("等财政部门拨付到银行", "finance pays the bank"),
    ),
    State("paid", Text("已拨付", "paid"), Text("贴息资金已拨付到银行", "the subsidy has been paid to the bank"), final=True),
)
# While a claim stands in one of these its lines may be computed anew.
OPEN_TO_CHANGE = ("received", "checked", "returned")


def _course(
    policy_id: str,
    title: Text,
    handed_in_by: tuple[str, ...],
    verifier: str,
    clauses: dict[str, tuple[str, ...]],
) -> Process:
    """Return the course of a programme's claims; the agency's accountant compares, `verifier` verifies."""
    checker = (Role.AGENCY_ACCOUNTANT,)
    finance = (Role.FINANCE_CLERK,)

    def row(
        number: str,
        verb: str,
        label: Text,
        start: tuple[str, ...],
        ends: tuple[str, ...],
        posts: tuple[str, ...],
        apart_from: tuple[str, ...] = (),
        *,
        waits: bool = False,
        reason: bool = False,
    ) -> Transition:
        return Transition(number, verb, label, start, ends, posts, clauses.get(verb, ()), apart_from, waits=waits, reason=reason)

    return Process(
        policy_id,
        title,
        STATES,
        (
            row("1", "receive", Text("接收贴息申请明细", "take the claim in"), (), ("received",), handed_in_by),
            row("2", "check", Text("逐笔重算核对", "recompute and compare"), ("received", "checked"), ("checked",), checker),
            row("2", "settle_lines", Text("处理差异", "settle differences"), ("checked",), (), checker, waits=True, reason=True),
            row(
                "3",
                "return_claim",
                Text("退回银行补正", "return to the bank for correction"),
                ("checked",),
                ("returned",),
                (*checker, verifier),
                reason=True,
            ),
            row(
                "4",
                "resubmit",
                Text("重新报送", "hand the corrected file in"),
                ("returned",),
                ("received",),
                handed_in_by,
                waits=True,
            ),
            row(
                "5",
                "verify",
                Text("核实", "verify"),
                ("checked",),
                ("agency_verified",),
                (verifier,),
                ("receive", "check", "settle_lines"),
                waits=True,
            ),
            row(
                "6",
                "prepare_payment",
                Text("编制拨付", "prepare the payment"),
                ("agency_verified",),
                ("payment_prepared",),
                finance,
                waits=True,
            ),
            row(
                "6",
                "send_back",
                Text("退回核实部门", "send back to be verified again"),
                ("agency_verified", "payment_prepared"),
                ("checked",),
                finance,
                reason=True,
            ),
            row(
                "7",
                "approve",
                Text("审批", "approve the payment"),
                ("payment_prepared",),
                ("finance_approved",),
                finance,
                ("prepare_payment",),
                waits=True,
            ),
            row("8", "pay", Text("登记拨付", "record the payment"), ("finance_approved",), ("paid",), finance, waits=True),
        ),
    )


CLAIM_COURSES: dict[str, Process] = {
    JIANGXI: _course(
        JIANGXI,
        Text("江西助保贷款：贴息申请与拨付", "Jiangxi loan: subsidy claims"),
        (Role.BANK_OFFICER, Role.AGENCY_ACCOUNTANT),
        Role.AGENCY_APPROVER,
        {
            "receive": ("jx-annex-5a",),
            "verify": ("jx-annex-5b",),
            "approve": ("jx-annex-5c", "jx-5.1c"),
            "pay": ("jx-annex-5c", "jx-annex-5d", "jx-5.1c"),
        },
    ),
    RUGAO: _course(
        RUGAO,
        Text("如皋助保贷款：补贴情况表与拨付", "Rugao loan: subsidy statements"),
        (Role.BANK_OFFICER,),
        Role.HRSS_SUPERVISOR,
        {
            "receive": ("rg-17", "rg-annex1-bank-c"),
            "verify": ("rg-17", "rg-annex1-bank-c"),
            "approve": ("rg-16", "rg-17"),
            "pay": ("rg-16", "rg-17"),
        },
    ),
}


def bears_interest(policy_id: str) -> bool:
    """Tell whether finance bears interest in a programme: where nothing can be claimed, no page or paper speaks of it (tl-1)."""
    return policy_id in CLAIM_COURSES


for _policy, _process in CLAIM_COURSES.items():
    for _row in _process.transitions:
        claim(*_row.clauses, as_="state", by=f"{__name__}.CLAIM_COURSES#{_policy}/{_row.verb}")
