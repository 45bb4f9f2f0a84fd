"""The rows of a plan as a filter keeps them, on a page and as a workbook."""

from typing import Any, Final

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.assistance.models import AssistancePlan
from zhubao.assistance.models.row import Channel
from zhubao.assistance.planning.selectors import counted_by, plan_for, rows_for
from zhubao.assistance.states import process_of
from zhubao.documents.plans import PlanReviewLine, PlanReviewList
from zhubao.documents.workbooks import write_list
from zhubao.policies import judge_of
from zhubao.web.clerk.finding import found
from zhubao.web.clerk.words import said
from zhubao.web.middleware import PostRequest
from zhubao.web.paging import LongPaginator
from zhubao.web.posts import for_posts
from zhubao.web.transfers.listing import sent

from .finding import LATE, READING_ROLES, WAITING, category_said, payer_said, places_of, reason_said, shown, wanted_in
from .plans import heading

LISTED: Final = 50
MOST_ROWS: Final = 100_000


@require_GET
@for_posts(*READING_ROLES)
def listed(request: PostRequest, plan_id: int) -> HttpResponseBase:
    """List the rows of a plan."""
    plan = found(plan_for, request.actor, plan_id)
    wanted = wanted_in(request.GET, plan.policy_id)
    mine = rows_for(request.actor, plan)
    kept = wanted.within(mine, clock.today()).select_related("person", "plan").order_by("region_code", "pk")
    page = LongPaginator(kept, LISTED).get_page(request.GET.get("page"))
    rows = list(page)
    places = places_of(code for row in rows for code in (row.region_code, row.region_code[:9]))
    context = {
        **heading(plan),
        "page": page,
        "rows": [shown(row, places) for row in rows],
        "wanted": wanted,
        "narrowed": any(wanted.query.values()),
        "options": _options(plan, mine),
    }
    return render(request, "assistance/rows.html", context)


@never_cache
@require_GET
@for_posts(*READING_ROLES)
def workbook(request: PostRequest, plan_id: int) -> HttpResponseBase:
    """Give the rows a filter keeps as a workbook; names and numbers are masked as on the page."""
    plan = found(plan_for, request.actor, plan_id)
    today = clock.today()
    kept = wanted_in(request.GET, plan.policy_id).within(rows_for(request.actor, plan), today)
    rows = list(kept.select_related("person", "plan").order_by("region_code", "pk")[:MOST_ROWS])
    places = places_of(row.region_code for row in rows)
    states = {state.name: state.label.zh for state in process_of(plan.policy_id).states}
    channels = dict(Channel.choices)
    printed = PlanReviewList(
        date=today,
        number=f"{plan.region_code}-{plan.year}",
        office=request.post.organisation.name,
        year=plan.year,
        county=str(heading(plan)["county"]),
        rows=tuple(
            PlanReviewLine(
                row.person.masked_name,
                row.person.masked_number,
                places.get(row.region_code, row.region_code),
                str(category_said(plan.policy_id, row.category)),
                str(payer_said(row.payer)),
                str(channels[row.channel]),
                row.tier_fen,
                row.on_behalf_fen,
                row.self_pay_fen,
                row.due_on,
                states[row.state],
                reason_said(row),
            )
            for row in rows
        ),
    )
    return sent(write_list(printed), f"{printed.kind}-{plan.year}-{today}.xlsx")


def _options(plan: AssistancePlan, rows: Any) -> dict[str, Any]:
    policy, process = judge_of(plan.policy_id).policy, process_of(plan.policy_id)
    townships = [each["value"] for each in counted_by(rows, "township")]
    names = places_of(townships)
    return {
        "state": [(state.name, said(state.label)) for state in process.states],
        "category": [(code, said(identity.label)) for code, identity in policy.identities.items()],
        "payer": [(code, payer_said(code)) for code in dict.fromkeys(i.payer for i in policy.identities.values()) if code],
        "place": [(code, names.get(code, code)) for code in townships],
        "also": [(WAITING, _("evidence missing")), (LATE, _("own part past its day"))],
        "clause": [(clause.id, said(clause.label)) for clause in policy.judged(with_contract=False) if clause.part_of is None],
    }
