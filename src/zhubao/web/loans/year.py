"""The yearly round: amounts fixed for everybody who may draw, released by a second person, told to the banks in a file."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.exchange.models import Envelope
from zhubao.exchange.selectors import envelopes_for, next_batch
from zhubao.loans.models import Loan, LoanStep, Tranche
from zhubao.loans.selectors import loans_for, to_be_planned
from zhubao.loans.states import PROCESSES
from zhubao.policies import judge_of
from zhubao.procedures.year_opened import Refusal, months_payable, plan_draws, release_draws
from zhubao.web.attempts import Attempt
from zhubao.web.clerk.words import explained, said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .finding import YEAR_ROLES, tabs

LISTED: Final = 50
# A form carries at most a thousand fields.
MOST_RELEASED: Final = 900
KIND: Final = "draw_request"
PLANNING: Final = (Role.AGENCY_ACCOUNTANT, Role.BANK_OFFICER)


class YearForm(forms.Form):
    """Which contribution year."""

    year = forms.IntegerField(label=gettext_lazy("Contribution year"), min_value=2000, max_value=2100)


class ReleaseForm(YearForm):
    """Which draws, under which number."""

    batch = forms.CharField(label=gettext_lazy("Batch number of the file"), max_length=40)
    draw = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, offered: list[int], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        field: Any = self.fields["draw"]
        field.choices = [(pk, str(pk)) for pk in offered]


@never_cache
@require_GET
@for_posts(*YEAR_ROLES)
def year(request: PostRequest) -> HttpResponseBase:
    """Show who has no amount for a year yet, the amounts fixed, and the files that told the banks."""
    return _shown(request, _year_of(request.GET))


@require_POST
@for_posts(*PLANNING)
def plan(request: PostRequest) -> HttpResponseBase:
    """Fix the amounts of everybody; those the rules refuse are listed with the reason."""
    form = YearForm(request.POST)
    if not form.is_valid():
        return _shown(request, clock.today().year, status=422)
    wanted = form.cleaned_data["year"]
    done = plan_draws(wanted, actor=request.actor, now=clock.now())
    if done.draws:
        count = len(done.draws)
        words = ngettext("The amount of %(count)d loan is fixed.", "The amounts of %(count)d loans are fixed.", count)
        messages.success(request, words % {"count": count})
    if not done.refused:
        return redirect(f"{reverse('loans:year')}?year={wanted}")
    return _shown(request, wanted, refused=done.refused)


@require_POST
@for_posts(Role.AGENCY_APPROVER)
def release(request: PostRequest) -> HttpResponseBase:
    """Release the chosen draws and write the file for each bank, all or none."""
    wanted = _year_of(request.POST)
    form = ReleaseForm([draw.pk for draw in _planned(request.actor, wanted)], request.POST)
    if not form.is_valid():
        fault = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return _shown(request, wanted, fault=fault, chosen=request.POST, status=422)
    with Attempt() as attempt:
        files = release_draws(form.cleaned_data["draw"], form.cleaned_data["batch"].strip(), actor=request.actor, now=clock.now())
        words = ngettext(
            "Released. %(count)d file for the bank is written; take it below.",
            "Released. %(count)d files for the banks are written; take them below.",
            len(files),
        )
        messages.success(request, words % {"count": len(files)})
        return redirect(f"{reverse('loans:year')}?year={wanted}")
    status = 409 if attempt.overtaken else 422
    return _shown(request, wanted, fault=attempt.fault, chosen=request.POST, status=status)


def _year_of(asked: Any) -> int:
    form = YearForm(asked)
    return int(form.cleaned_data["year"]) if form.is_valid() else clock.today().year


def _shown(
    request: PostRequest,
    wanted: int,
    *,
    refused: list[Refusal] | None = None,
    fault: str = "",
    chosen: Any = None,
    status: int = 200,
) -> HttpResponseBase:
    actor = request.actor
    may_plan = actor.role in PLANNING
    page = Paginator(_candidates(actor, wanted), LISTED).get_page(request.GET.get("page"))
    planned = list(_planned(actor, wanted)[:MOST_RELEASED])
    planner = _planners(planned)
    batch = next_batch(actor.organisation_id, KIND, clock.today()) if actor.organisation_id else ""
    context = {
        **tabs(actor),
        "year": wanted,
        "page": page,
        "candidates": [(loan, months_payable(loan, wanted)[1]) for loan in page],
        "plans": may_plan,
        "releases": actor.role == Role.AGENCY_APPROVER,
        "one_by_one": actor.role == Role.BANK_REVIEWER,
        "planned": [(draw, planner.get(draw.pk)) for draw in planned],
        "planned_fen": sum(draw.amount_fen for draw in planned),
        "own": actor.user_id,
        "refused": [(each.loan, explained(each.error)) for each in refused or []],
        "fault": fault,
        "chosen": {int(pk) for pk in chosen.getlist("draw") if pk.isdecimal()} if chosen is not None else None,
        "batch": chosen.get("batch", batch) if chosen is not None else batch,
        "files": list(_files(actor)[:20]),
        "programmes": [said(judge_of(policy_id).policy.title) for policy_id in _policies(actor.role, "plan_year")],
    }
    return render(request, "loans/year.html", context, status=status)


def _policies(role: str, verb: str) -> list[str]:
    """Return the programmes in which a role takes a step."""
    return [policy_id for policy_id, process in PROCESSES.items() if role in process.transition(verb).posts]


def _candidates(actor: Actor, wanted: int) -> QuerySet[Loan]:
    """Return the loans without an amount for a year; where the actor fixes amounts, those it is their work to fix."""
    loans = to_be_planned(actor, wanted)
    own = _policies(actor.role, "plan_year") or _policies(actor.role, "release_year")
    return loans.filter(policy_id__in=own)


def _planned(actor: Actor, wanted: int) -> QuerySet[Tranche]:
    own = _policies(actor.role, "plan_year") or _policies(actor.role, "release_year")
    draws = Tranche.objects.filter(loan__in=loans_for(actor).order_by(), loan__policy_id__in=own, year=wanted, state="planned")
    return draws.select_related("loan__person", "loan__bank").order_by("loan__number")


def _planners(draws: list[Tranche]) -> dict[int, LoanStep]:
    """Return the step that fixed each draw's amount, the latest."""
    steps = LoanStep.objects.filter(tranche__in=[draw.pk for draw in draws], verb="plan_year").order_by("number")
    return {step.tranche_id: step for step in steps if step.tranche_id is not None}


def _files(actor: Actor) -> QuerySet[Envelope]:
    return envelopes_for(actor).filter(kind=KIND)
