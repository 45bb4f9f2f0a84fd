"""The risk view: live loans that will take longer than ten years to repay, with what they owe and what a month takes."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.loans.selectors import loans_for
from zhubao.loans.states import ENDED
from zhubao.oversight.budget.actions import month_end_before
from zhubao.oversight.long_repayments import HORIZON_MONTHS, LIMIT_MONTHS, risk_view
from zhubao.policies import judge_of
from zhubao.programmes.selectors import parameter_book
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .finding import LOAN_ROLES, tabs

BASES: dict[str, Any] = {
    "pension": _("the pension credited"),
    "estimate": _("the agency's estimate"),
    "agreed": _("the instalment agreed"),
}


@require_GET
@for_posts(*LOAN_ROLES)
def risk(request: PostRequest) -> HttpResponseBase:
    """List the loans a post may see that take longer than the limit, the longest first, and those of which no deduction is known."""
    as_of = month_end_before(clock.today())
    loans = list(loans_for(request.actor).exclude(state__in=ENDED).filter(person__died_on=None))
    found = risk_view(loans, as_of, parameter_book())
    context = {
        **tabs(request.actor),
        "as_of": as_of,
        "rows": [(each, judge_of(each.loan.policy_id).policy.title, BASES[each.basis]) for each in found.long],
        "unknown": found.unknown,
        "looked_at": found.looked_at,
        "limit": LIMIT_MONTHS,
        "horizon": HORIZON_MONTHS,
    }
    return render(request, "loans/risk.html", context)
