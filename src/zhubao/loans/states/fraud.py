"""The course of a finding that a loan or its subsidy was obtained or used falsely: a record beside the loan."""

from zhubao.access.roles import Role
from zhubao.language import Text
from zhubao.policies.claims import claim
from zhubao.workflow import CITIZEN, Due, Process, State, Transition

FRAUD_KINDS: dict[str, Text] = {
    "false_proof": Text("提供虚假证明骗取贷款或贴息", "loan or subsidy obtained with false proof"),
    "false_claim": Text("虚报、冒领贴息资金", "subsidy claimed falsely"),
    "diverted": Text("贷款未用于本人缴费", "the loan was not used for the own contribution"),
}
# The clauses each kind rests on.
KIND_CLAUSES: dict[str, tuple[str, ...]] = {
    "false_proof": ("rg-23b",),
    "false_claim": ("jx-5.2e", "rg-23b"),
    "diverted": ("jx-4.1a", "rg-7a"),
}
# Found and agreed: draws stop, what was obtained is recovered.
FOUND = ("recovering", "recovered")
EXAMINERS = (Role.AGENCY_REVIEWER, Role.AGENCY_ACCOUNTANT)
HEARERS = (CITIZEN, Role.AGENCY_INTAKE, *EXAMINERS)

FRAUD = Process(
    "fraud",
    Text("骗取助保贷款或贴息的认定与追回", "finding of fraud and recovery"),
    (
        State("opened", Text("核查中", "under examination"), Text("经办机构正在核查", "the agency examines the matter")),
        State(
            "notified",
            Text("已告知，听取陈述", "told, to be heard"),
            Text("您可以在期限内陈述和申辩", "you may state your side within the period"),
        ),
        State(
            "agency_decided",
            Text("经办机构已决定，待财政会签", "decided by the agency, finance to agree"),
            Text("经办机构已有决定，财政部门会签后生效", "the agency has decided; it holds once finance agrees"),
        ),
        State(
            "recovering",
            Text("已认定，追回中", "found, being recovered"),
            Text("请归还贷款本息，并退回已享受的贴息", "principal and interest are to be repaid and the subsidy returned"),
        ),
        State("recovered", Text("已全部追回", "recovered"), Text("已全部归还", "everything has been paid back"), final=True),
        State(
            "dropped",
            Text("不予认定", "not found"),
            Text("经核查不予认定，贷款照常", "the matter was not found to be so; the loan goes on"),
            final=True,
        ),
    ),
    (
        Transition(
            "14",
            "open_finding",
            Text("登记线索和事实", "record the facts"),
            (),
            ("opened",),
            (*EXAMINERS, Role.FINANCE_CLERK),
            ("rg-23b", "jx-5.2e"),
        ),
        Transition(
            "14",
            "serve_notice",
            Text("送达告知书", "serve the notice of facts"),
            ("opened",),
            ("notified",),
            EXAMINERS,
            waits=True,
        ),
        Transition("14", "take_statement", Text("陈述和申辩", "state one's side"), ("notified",), (), HEARERS),
        Transition(
            "14",
            "decide_finding",
            Text("作出认定", "decide that it is so"),
            ("notified",),
            ("agency_decided",),
            (Role.AGENCY_APPROVER,),
            ("rg-23c",),
            ("open_finding", "serve_notice"),
            Due("fraud_statement_days", 5, "working"),
            waits=True,
            reason=True,
        ),
        Transition(
            "14",
            "agree_finding",
            Text("财政会签，追回开始", "finance agrees, recovery begins"),
            ("agency_decided",),
            ("recovering", "recovered"),
            (Role.FINANCE_CLERK,),
            ("rg-23c", "jx-5.2e"),
            ("open_finding", "decide_finding"),
            waits=True,
        ),
        Transition(
            "14",
            "send_back",
            Text("财政退回补充", "finance sends it back"),
            ("agency_decided",),
            ("notified",),
            (Role.FINANCE_CLERK,),
            reason=True,
        ),
        Transition(
            "14",
            "drop_finding",
            Text("不予认定", "drop it"),
            ("opened", "notified"),
            ("dropped",),
            (Role.AGENCY_APPROVER,),
            (),
            ("open_finding",),
            reason=True,
        ),
        Transition(
            "14",
            "record_repayment",
            Text("登记归还本息", "record principal and interest repaid"),
            ("recovering",),
            ("recovering", "recovered"),
            (Role.BANK_OFFICER,),
            ("rg-23c",),
            waits=True,
        ),
        Transition(
            "14",
            "record_refund",
            Text("登记退回贴息", "record subsidy returned"),
            ("recovering",),
            ("recovering", "recovered"),
            (Role.FINANCE_CLERK,),
            ("rg-23c", "jx-5.2e"),
            waits=True,
        ),
        Transition(
            "14",
            "close_finding",
            Text("已全部追回，结案", "close: everything is recovered"),
            ("recovering",),
            ("recovered",),
            (Role.AGENCY_APPROVER,),
        ),
        Transition(
            "14",
            "refer",
            Text("移送有权机关", "hand on to the authority in charge"),
            ("agency_decided", "recovering"),
            (),
            (Role.AGENCY_APPROVER,),
            ("rg-23c",),
            reason=True,
        ),
    ),
)

for _row in FRAUD.transitions:
    claim(*_row.clauses, as_="state", by=f"{__name__}.FRAUD#{_row.verb}")
