"""What each loan policy lets a bank lend and how it is repaid, as one dated record per policy: the forecast reads nothing else of it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from zhubao.errors import ZhubaoError
from zhubao.language import Text

CapRule = Literal["remaining_at_least", "max_share", "exclude_basic", "whole_pension"]


@dataclass(frozen=True, slots=True)
class ForecastPolicy:
    """The settings of one policy that a forecast turns on.

    `region` is the prefix of the area codes it covers, `area_code` the place whose figures count where the person names none.
    `subsidy`: whose interest the government bears before the pension. `most_years_ahead`: so long before the pension lending may
    begin. `months_cap`: months paid and lent together may not exceed it. `grace_limit`: most months from draw to pension.
    `repay_limit`: most deductions. `rate_parameter`: where the rate comes from when the bank named none.
    """

    id: str
    in_force_from: date | None
    trial: bool
    province: str
    region: str
    area_code: str
    resident: bool
    subsidy: Literal["all", "hardship", "none"]
    rule: CapRule
    rate_parameter: str
    rate_question: str
    percent: int = 100
    most_years_ahead: int | None = None
    grace_limit: int | None = None
    months_cap: int | None = None
    repay_limit: int | None = None
    continues_past_age: bool = False


POLICIES = {
    policy.id: policy
    for policy in (
        # jx-1.1c, jx-1.1f, jx-2.4a, jx-2.4b, jx-3.2c; no longest term (A-JX-13)
        ForecastPolicy(
            "jiangxi-2020-7",
            date(2020, 12, 30),
            False,
            "jiangxi",
            "36",
            "360000",
            False,
            "hardship",
            "remaining_at_least",
            "lpr_1y_ppm",
            "A-ALL-4",
            most_years_ahead=8,
            continues_past_age=True,
        ),
        # rg-5b, rg-9b, rg-9c, rg-10a, rg-13a, rg-14.1a
        ForecastPolicy(
            "rugao-draft",
            None,
            True,
            "jiangsu",
            "3206",
            "320682",
            False,
            "all",
            "max_share",
            "benchmark_ppm",
            "A-ALL-5",
            percent=50,
            grace_limit=60,
            months_cap=180,
            repay_limit=120,
        ),
        # tl-3.3b, tl-4.2b; no subsidy of interest and no longest term
        ForecastPolicy(
            "tongling-2022-13",
            date(2022, 1, 25),
            False,
            "anhui",
            "3407",
            "340700",
            True,
            "none",
            "exclude_basic",
            "benchmark_ppm",
            "A-ALL-5",
        ),
    )
}


def forecast_policy(policy_id: str, on: date) -> ForecastPolicy:
    """Return the settings of a loan policy in force on `on`; E-POLICY-UNKNOWN, or E-POLICY-NOT-IN-FORCE naming the first day."""
    policy = POLICIES.get(policy_id)
    if policy is None:
        raise ZhubaoError(
            "E-POLICY-UNKNOWN",
            Text("没有这个贷款政策", "no such loan policy"),
            place=f"policy {policy_id}",
            remedy=Text(f"可用：{'、'.join(POLICIES)}", f"known: {', '.join(POLICIES)}"),
        )
    if policy.in_force_from is not None and on < policy.in_force_from:
        raise ZhubaoError(
            "E-POLICY-NOT-IN-FORCE",
            Text(
                f"{on} 不在施行期内（{policy.in_force_from} 起）", f"not in force on {on}: it holds from {policy.in_force_from}"
            ),
            place=f"policy {policy_id}",
            remedy=Text("换一个日期", "ask about another date"),
        )
    return policy
