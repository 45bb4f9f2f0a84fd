"""One module per policy document, in article order."""

from importlib import import_module
from typing import TYPE_CHECKING

from zhubao.errors import ZhubaoError
from zhubao.language import Text

if TYPE_CHECKING:
    from .judging import Judge

# Policy id → module that holds it; imported when asked for.
MODULES = {
    "jiangxi-2020-7": "jiangxi",
    "rugao-draft": "rugao",
    "tongling-2022-13": "tongling",
    "pengshui-2022": "pengshui",
    "ganzhou-2021-7": "ganzhou",
}


def judge_of(policy_id: str) -> "Judge":
    """Return the policy of that id, ready to answer (its document is `.policy`); E-POLICY-UNKNOWN for an id that is none."""
    if policy_id not in MODULES:
        known = ", ".join(MODULES)
        raise ZhubaoError(
            "E-POLICY-UNKNOWN",
            Text("没有这个政策", "no such policy"),
            place=policy_id,
            remedy=Text(f"可用：{known}", f"known: {known}"),
        )
    judge: Judge = import_module(f"zhubao.policies.{MODULES[policy_id]}").assess
    return judge
