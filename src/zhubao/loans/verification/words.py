"""How a finding is said to a borrower and in the history of the loan: the reason, the day, what it means, what can be done against it."""

from collections.abc import Callable
from datetime import date
from typing import Final

from zhubao.language import Text
from zhubao.policies import judge_of
from zhubao.policies.person import DEPARTMENTS

from ..models import VerificationProposal
from ..models.verification import Finding, Ground
from ..states import ways_of

REMEDY: Final = (
    "对结果有异议的，请在收到之日起向经办机构书面提出并附认定材料；"
    "其他部门另有困难身份认定的，请一并带来。异议由人力资源和社会保障部门审查答复。"
)
SUBSIDY_STAYS: Final = "已放的贷款照常贴息到领取养老金；以后第四季度可再申请续贷。"


_DRAW_FINDINGS: Final = {
    Finding.KEEP: Text("照常放款", "draws go on"),
    Finding.LOSE: Text("暂停放款", "draws suspended"),
    Finding.REGAIN: Text("恢复放款", "draws begin again"),
    Finding.UNKNOWN: Text("缺材料，待核", "evidence missing"),
}
_FINDINGS: Final = {
    Finding.KEEP: Text("继续贴息", "subsidy goes on"),
    Finding.LOSE: Text("停止贴息", "subsidy ends"),
    Finding.REGAIN: Text("开始贴息", "subsidy begins"),
    Finding.UNKNOWN: Text("缺名册，待核", "evidence missing"),
}
GROUNDS: Final = {
    Ground.ON_ROSTER: Text("在名册上", "on the roster"),
    Ground.ENDED: Text("名册上已没有", "no longer on the roster"),
    Ground.OFF_ROSTER: Text("各部门名册都没有", "on no roster"),
    Ground.NOT_UNEMPLOYED: Text("在名册上，但已不是登记失业", "on the roster, but no longer unemployed"),
    Ground.ROSTER_MISSING: Text("部门名册未交或已过期", "the department's roster is missing or too old"),
    Ground.FACT_MISSING: Text("在名册上，其他条件缺材料", "on the roster; evidence of another condition is missing"),
    Ground.REEMPLOYED: Text("已重新就业", "works again"),
    Ground.IMPROVED: Text("困难情况好转", "no longer in hardship"),
    Ground.NOT_APPLIED: Text("没有申请续贷", "did not apply for a renewal"),
    Ground.RENEWAL: Text("续贷正在办理", "a renewal is in hand"),
}


def _on_draws(policy_id: str) -> bool:
    return ways_of(policy_id).verifies == "draws"


def finding_label(policy_id: str, finding: str) -> Text:
    """Return a finding in the words of the programme: Jiangxi speaks of the subsidy, Rugao of further draws."""
    return (_DRAW_FINDINGS if _on_draws(policy_id) else _FINDINGS)[Finding(finding)]


def category_label(policy_id: str, code: str) -> Text:
    """Return the name of a category in the words of the programme, the code itself for one the locality added."""
    identity = judge_of(policy_id).policy.identities.get(code)
    return Text(identity.label.zh, identity.label.en) if identity else Text(code, code)


def category_said(policy_id: str, code: str) -> str:
    """Return the name of a category in Chinese, as decisions and lists state it."""
    return category_label(policy_id, code).zh


def ground_said(proposal: VerificationProposal, written: Callable[[date], str] = str) -> str:
    """Return why the finding is what it is, in Chinese, as the decision states it; `written` writes a day."""
    department = DEPARTMENTS.get(proposal.certifier, "主管部门")
    category = category_said(proposal.loan.policy_id, proposal.category) if proposal.category else "困难身份"
    ended = f"，认定至 {written(proposal.ended_on)}" if proposal.ended_on else ""
    return {
        Ground.ON_ROSTER: f"{department}“{category}”名册中有您",
        Ground.ENDED: f"{department}“{category}”名册中已没有您{ended}",
        Ground.OFF_ROSTER: "各部门困难人员名册中都没有您",
        Ground.NOT_UNEMPLOYED: f"{department}“{category}”名册中有您，但已不是登记失业",
        Ground.ROSTER_MISSING: f"还没有收到{department}“{category}”的名册",
        Ground.FACT_MISSING: f"{department}“{category}”名册中有您，其他条件还没有材料",
        Ground.REEMPLOYED: "您已重新就业",
        Ground.IMPROVED: f"困难情况已好转（{department}“{category}”名册中已没有您{ended}）",
        Ground.NOT_APPLIED: f"{proposal.year} 年第四季度没有提出续贷申请",
        Ground.RENEWAL: "续贷正在办理",
    }[Ground(proposal.ground)]


def outcome_said(proposal: VerificationProposal, from_day: date, written: Callable[[date], str] = str) -> str:
    """Return what a decision that changes something means for the borrower, from which day; `written` writes it."""
    if _on_draws(proposal.loan.policy_id):
        return f"决定暂停放款。{SUBSIDY_STAYS}"
    if proposal.finding == Finding.LOSE:
        return f"自 {written(from_day)} 起利息由您本人承担；此前的利息仍由财政贴补，不追回，贷款照常。"
    return f"自 {written(from_day)} 起至领取养老金前，利息由财政贴补。"


def notice_said(proposal: VerificationProposal, from_day: date) -> str:
    """Return the words of the notice to the borrower for a decision that changes something."""
    because, outcome = ground_said(proposal), outcome_said(proposal, from_day)
    loan = f"贷款 {proposal.loan.number}"
    if _on_draws(proposal.loan.policy_id):
        return f"{loan}：{because}，{outcome}{REMEDY}"
    return f"{loan}：{proposal.year} 年度贴息资格核验，{because}。{outcome}{REMEDY}"


def objection_said(proposal: VerificationProposal, *, upheld: bool, answer: str) -> str:
    """Return the words of the answer to an objection."""
    head = f"贷款 {proposal.loan.number}：您对 {proposal.year} 年度核验结果的异议，"
    because = answer.rstrip("。")
    if not upheld:
        return f"{head}经核实不成立：{because}。原决定不变。您不服的，可依法申请行政复议或者提起行政诉讼。"
    goes_on = "恢复放款" if _on_draws(proposal.loan.policy_id) else f"利息自 {proposal.effective_on} 起继续由财政贴补，不间断"
    return f"{head}经核实成立：{because}。{goes_on}。"


def letter_title(proposal: VerificationProposal) -> Text:
    """Return what the letter to the borrower is called."""
    if _on_draws(proposal.loan.policy_id):
        return Text("暂停放款告知书", "notice that draws are suspended")
    return LETTER_TITLES[Finding(proposal.finding)]


def basis_said(policy_id: str) -> str:
    """Return the articles a decision rests on."""
    return "实施办法第十三条、第十九条、第二十条" if _on_draws(policy_id) else "本省助保贷款办法第二条第五项"


LETTER_TITLES: Final = {
    Finding.LOSE: Text("停止贴息告知书", "notice that the subsidy ends"),
    Finding.REGAIN: Text("开始贴息告知书", "notice that the subsidy begins"),
}
