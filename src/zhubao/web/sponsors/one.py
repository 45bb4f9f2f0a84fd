"""One sponsorship: its people with their ceilings, the payment, the accounts, the receipt."""

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.assistance.closing_out_turns import category_label
from zhubao.assistance.models import SponsoredPerson, Sponsorship
from zhubao.assistance.sponsors import accepted_fen, note_payment, put_on_accounts, refusal_said, withdraw, write_receipt
from zhubao.assistance.sponsors_ceiling import GROUPS, rules_on
from zhubao.assistance.states.sponsorship import SPONSORSHIP
from zhubao.cases.actions.looking import record_list
from zhubao.documents import typeset
from zhubao.errors import ZhubaoError
from zhubao.procedures.printing.assistance import sponsor_receipt
from zhubao.web.attempts import Attempt
from zhubao.web.cases.sheets import MOST_ROWS, sent
from zhubao.web.clerk.words import said
from zhubao.web.closing_out.papers import PDF, answered
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts
from zhubao.web.templatetags.zhubao import yuan

from .finding import READING_ROLES, TONES, sponsorship_for
from .forms import PaymentForm

LISTED: Final = 100


@never_cache
@require_GET
@for_posts(*READING_ROLES)
def sponsorship(request: PostRequest, number: str) -> HttpResponseBase:
    """Show a sponsorship."""
    made = sponsorship_for(request.actor, number)
    return _shown(request, made)


def _shown(
    request: PostRequest, made: Sponsorship, *, form: PaymentForm | None = None, fault: str = "", status: int = 200
) -> HttpResponseBase:
    people = SponsoredPerson.objects.filter(sponsorship=made).select_related("person").order_by("-refused", "pk")
    page = Paginator(people, LISTED).get_page(request.GET.get("page"))
    due = accepted_fen(made)
    steps = [each.verb for each in SPONSORSHIP.open_to(made.state, request.actor.role)]
    rules = rules_on(clock.now(), made.region_code)
    context: dict[str, Any] = {
        "made": made,
        "page": page,
        "rows": [
            (line, group_said(made.policy_id, line.group), said(refusal_said(line.refused)) if line.refused else "")
            for line in page
        ],
        "due": due,
        "asked": people.count(),
        "taken": people.filter(refused="").count(),
        "ceiling": people.aggregate(fen=Sum("ceiling_fen", default=0))["fen"],
        "state": said(SPONSORSHIP.state(made.state).label),
        "tone": TONES.get(made.state, ""),
        "steps": steps,
        "payment": form or PaymentForm(initial={"fen": f"{due // 100}.{due % 100:02}", "on": clock.today()}),
        "rules": [(each.question.id, said(each.question.default), each.confirmed) for each in rules],
        "fault": fault,
    }
    return render(request, "sponsors/sponsorship.html", context, status=status)


def group_said(policy_id: str, group: str) -> str:
    """Return a group or category in words."""
    if group in GROUPS:
        return said(GROUPS[group])
    return said(category_label(policy_id, group))


@require_POST
@for_posts(*READING_ROLES)
def act(request: PostRequest, number: str, verb: str) -> HttpResponseBase:
    """Take a step: the payment, the accounts, the receipt, taking back."""
    made = sponsorship_for(request.actor, number)
    given: dict[str, Any] = {"actor": request.actor, "now": clock.now()}
    form = None
    with Attempt() as attempt:
        if verb == "pay":
            form = PaymentForm(request.POST)
            if not form.is_valid():
                return _shown(request, made, form=form, status=422)
            paid = form.cleaned_data
            note_payment(made.pk, fen=paid["fen"], reference=paid["reference"], on=paid["on"], **given)
        elif verb == "record":
            put_on_accounts(made.pk, **given)
        elif verb == "receipt":
            write_receipt(made.pk, **given)
        elif verb == "withdraw":
            withdraw(made.pk, request.POST.get("reason", ""), **given)
        else:
            raise Http404
        messages.success(request, _("Noted."))
        return redirect("sponsors:sponsorship", number)
    return _shown(request, made, form=form, fault=attempt.fault, status=422)


@never_cache
@require_GET
@for_posts(*READING_ROLES)
def receipt(request: PostRequest, number: str) -> HttpResponseBase:
    """Give the sponsor's receipt as paper."""
    made = sponsorship_for(request.actor, number)
    try:
        form = sponsor_receipt(made)
    except ZhubaoError as error:
        raise Http404 from error
    return answered(typeset(form), PDF, f"{form.kind}-{form.number}.pdf")


@never_cache
@require_GET
@for_posts(*READING_ROLES)
def export(request: PostRequest, number: str) -> HttpResponseBase:
    """Give the people of a sponsorship as a workbook."""
    made = sponsorship_for(request.actor, number)
    lines = list(SponsoredPerson.objects.filter(sponsorship=made).select_related("person").order_by("pk")[:MOST_ROWS])
    record_list("sponsored", len(lines), {"number": number}, actor=request.actor, now=clock.now())
    titles = [
        (_("Name"), 12), (_("Citizen number"), 22), (_("Group"), 18), (_("Fee (yuan)"), 12), (_("Public part (yuan)"), 16),
        (_("Paid otherwise (yuan)"), 18), (_("Ceiling (yuan)"), 14), (_("Sponsored (yuan)"), 14), (_("Why not"), 24),
    ]  # fmt: skip
    rows = (
        [
            line.person.masked_name,
            line.person.masked_number,
            group_said(made.policy_id, line.group),
            *(yuan(fen) for fen in (line.tier_fen, line.government_fen, line.others_fen, line.ceiling_fen, line.accepted_fen)),
            said(refusal_said(line.refused)) if line.refused else "",
        ]
        for line in lines
    )
    return sent(number, _("Sponsored people"), titles, rows)
