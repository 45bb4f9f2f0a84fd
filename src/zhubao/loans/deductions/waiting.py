"""What is left to do after an instalment was not taken."""

from zhubao.language import Text
from zhubao.tasks.kinds import declare

FAILED = declare("loan.deduction_failed", Text("扣款未成：通知借款人还款", "not deducted: have the borrower repay"))
MOVED = declare("loan.instalment_moved", Text("还款部分被转出：核查", "the instalment was moved away: look into it"))
