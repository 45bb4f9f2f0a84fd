"""Tongling 2022-13: the resident applies to a bank, which lends by its own credit review (rows 1 to 3 and 11)."""

from zhubao.access.roles import Role
from zhubao.language import Text
from zhubao.workflow import CITIZEN, Due, Process, State, Transition

from .common_ground import BANK_APPROVED, BANK_ASSESSED, BANK_REFUSED, CLOSED, DRAFT, RETURNED, WITHDRAWN, begin, withdraw

APPLIED = State("applied", Text("待银行受理", "awaiting the bank"), Text("银行正在受理", "the bank is dealing with it"))
CONTRACTED = State(
    "contracted", Text("已签合同", "contract signed"), Text("合同已签，等待放款", "signed; waiting for the draw"), final=True
)

TONGLING = Process(
    "tongling-2022-13",
    Text("铜陵城乡居民助保贷款办理流程", "Tongling resident loan"),
    (DRAFT, APPLIED, BANK_ASSESSED, BANK_APPROVED, CONTRACTED, RETURNED, BANK_REFUSED, WITHDRAWN, CLOSED),
    (
        begin("1", ("tl-2a", "tl-2c"), CITIZEN, Role.BANK_OFFICER),
        Transition(
            "1",
            "submit",
            Text("提交申请", "hand in"),
            ("draft", "returned"),
            ("applied",),
            (CITIZEN, Role.BANK_OFFICER),
            ("tl-2a", "tl-2c"),
            waits=True,
        ),
        Transition(
            "1",
            "return",
            Text("退回补正", "return for correction"),
            ("applied",),
            ("returned",),
            (Role.BANK_OFFICER,),
            ("tl-2c",),
            reason=True,
        ),
        Transition(
            "3",
            "estimate",
            Text("提供参保和待遇测算", "give the record and the estimate"),
            ("applied",),
            (),
            (Role.AGENCY_REVIEWER,),
            ("tl-3.2a",),
            due=Due("case_push_days", 2),
            waits=True,
        ),
        Transition(
            "2",
            "bank_assess",
            Text("贷款调查", "credit review"),
            ("applied",),
            ("bank_assessed",),
            (Role.BANK_OFFICER,),
            ("tl-2b", "tl-3.1a"),
            due=Due("tongling_bank_days", 10),
            waits=True,
        ),
        Transition(
            "2",
            "bank_decide",
            Text("银行审批", "bank's decision"),
            ("bank_assessed",),
            ("bank_approved", "bank_refused", "applied"),
            (Role.BANK_REVIEWER,),
            ("tl-2b", "tl-5.1k"),
            apart_from=("bank_assess",),
            due=Due("tongling_bank_days", 10),
            waits=True,
        ),
        Transition(
            "2",
            "bank_again",
            Text("改向其他合作银行申请", "to another cooperating bank"),
            ("bank_refused",),
            ("applied",),
            (CITIZEN, Role.BANK_OFFICER),
            ("tl-2c",),
            waits=True,
            reason=True,
        ),
        Transition(
            "2", "close", Text("办结", "close"), ("bank_refused",), ("closed",), (Role.BANK_OFFICER, CITIZEN), reason=True
        ),
        Transition(
            "3",
            "sign",
            Text("签订合同", "sign the contract"),
            ("bank_approved",),
            ("contracted",),
            (Role.BANK_OFFICER,),
            ("tl-3.1b", "tl-3.1c", "tl-3.2b", "tl-4.1a", "tl-4.2c"),
            due=Due("agreement_days", 10),
            waits=True,
        ),
        Transition(
            "3",
            "add_co_borrower",
            Text("登记共同借款人或担保人", "name who signs beside the borrower"),
            ("applied", "bank_assessed", "bank_approved"),
            (),
            (Role.BANK_OFFICER,),
            ("tl-3.1b", "tl-3.1c"),
        ),
        Transition(
            "3",
            "record_consent",
            Text("登记其同意或不同意", "record consent or refusal"),
            ("applied", "bank_assessed", "bank_approved"),
            (),
            (Role.BANK_OFFICER,),
            ("tl-3.1b", "tl-3.1c"),
        ),
        withdraw("11", ("draft", "applied", "returned", "bank_assessed", "bank_approved", "bank_refused"), Role.BANK_OFFICER),
    ),
)
