"""What matching found: the list of differences, and the page on which one of them is settled."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.roles import Role
from zhubao.identity import mask_name
from zhubao.people.selectors import people_for
from zhubao.procedures.roster_certified import settle as settle_and_enter
from zhubao.procedures.roster_certified import settle_corrected
from zhubao.rosters.lists import DIFFERENCE_ROLES, difference_for, differences_for
from zhubao.rosters.looking import note_names, owes_answer
from zhubao.rosters.models import Difference, DifferenceKind, DifferenceState, Outcome
from zhubao.rosters.models.matching import DifferenceQuerySet
from zhubao.rosters.settling import SETTLING_ROLES, WITH_EVIDENCE, person_before
from zhubao.web.attempts import told_at
from zhubao.web.clerk.finding import found
from zhubao.web.middleware import PostRequest
from zhubao.web.paging import LongPaginator
from zhubao.web.posts import for_posts

from .words import detail_said, list_said, place_names, place_said
from .workbook import send_table

PAGE: Final = 50
MOST_IN_WORKBOOK: Final = 50_000
TONES: Final = {"open": "wait", "settled": "ok", "gone": "info"}


class SettleForm(forms.Form):
    """How a difference is settled."""

    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), widget=forms.RadioSelect)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    evidence = forms.CharField(
        label=gettext_lazy("Evidence for it"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "Number of the paper, or which register was asked and when. Not needed once somebody is enrolled."
        ),
    )

    def __init__(self, difference: Difference, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        field: Any = self.fields["outcome"]
        field.choices = [(str(each), each.label) for each in difference.outcomes if each != Outcome.SAME_PERSON]


class NumberForm(forms.Form):
    """The corrected number, as the paper shows it."""

    number = forms.CharField(label=gettext_lazy("New citizen number"), max_length=18)
    paper = forms.CharField(label=gettext_lazy("Paper and its number"), max_length=200)
    corrected_on = forms.DateField(
        label=gettext_lazy("Corrected on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


@require_GET
@for_posts(*DIFFERENCE_ROLES)
def listing(request: PostRequest) -> HttpResponseBase:
    """List the differences a post sees: open ones first shown, narrowed by kind, list and whether they are late."""
    wanted = _wanted(request)
    page = LongPaginator(wanted, PAGE).get_page(request.GET.get("page"))
    today = clock.today()
    names = place_names({each.region_code for each in page})
    shown = differences_for(request.actor)
    context = {
        "page": page,
        "rows": [
            (
                each,
                mask_name(each.name),
                list_said(each.roster),
                detail_said(each),
                place_said(each.region_code, names),
                TONES[each.state],
                each.state == DifferenceState.OPEN and each.due_on is not None and each.due_on < today,
            )
            for each in page
        ],
        "kinds": DifferenceKind.choices,
        "states": DifferenceState.choices,
        "kind": request.GET.get("kind", ""),
        "state": request.GET.get("state", "open"),
        "mine": request.GET.get("mine", ""),
        "late": request.GET.get("late", ""),
        "open": shown.open().count(),
        "late_count": shown.open().filter(due_on__lt=today).count(),
        "settled": shown.filter(state=DifferenceState.SETTLED).count(),
    }
    return render(request, "department/differences.html", context)


def _wanted(request: PostRequest) -> DifferenceQuerySet:
    wanted = differences_for(request.actor)
    state, kind = request.GET.get("state", "open"), request.GET.get("kind", "")
    if state in DifferenceState.values:
        wanted = wanted.filter(state=state)
    if kind in DifferenceKind.values:
        wanted = wanted.filter(kind=kind)
    if request.GET.get("mine"):
        wanted = wanted.filter(role=request.actor.role)
    if request.GET.get("late"):
        wanted = wanted.open().filter(due_on__lt=clock.today())
    return wanted.order_by("due_on", "pk")


@never_cache
@require_GET
@for_posts(*DIFFERENCE_ROLES)
def workbook(request: PostRequest) -> HttpResponseBase:
    """Give the differences a filter keeps as a workbook."""
    columns = [
        (_("Name"), 12), (_("Citizen number"), 22), (_("List"), 32), (_("Kind of difference"), 20), (_("What other records say"), 36),
        (_("Place"), 24),        (_("Whose turn"), 16), (_("Due"), 12), (_("State"), 10), (_("Outcome"), 24), (_("Reason"), 40),
    ]  # fmt: skip
    listed = list(_wanted(request)[:MOST_IN_WORKBOOK])
    names = place_names({each.region_code for each in listed})
    own = {each.pk for each in listed if owes_answer(each, request.actor)}
    note_names("list:differences", len(own), region_code=request.actor.scope, actor=request.actor, now=clock.now())
    rows = (
        (
            each.name if each.pk in own else mask_name(each.name),
            each.number_masked,
            list_said(each.roster),
            each.get_kind_display(),
            detail_said(each),
            place_said(each.region_code, names),
            Role(each.role).label,
            each.due_on,
            each.get_state_display(),
            each.get_outcome_display(),
            each.reason,
        )
        for each in listed
    )
    return send_table("differences", _("Differences of lists"), columns, rows)


@never_cache
@require_GET
@for_posts(*DIFFERENCE_ROLES)
def one(request: PostRequest, difference_id: int) -> HttpResponseBase:
    """Show one difference and, to whoever owes the answer, the whole name and the form that settles it."""
    return _one(request, found(difference_for, request.actor, difference_id))


def _one(
    request: PostRequest,
    difference: Difference,
    form: SettleForm | None = None,
    number_form: NumberForm | None = None,
    status: int = 200,
) -> HttpResponseBase:
    owes, region_code = owes_answer(difference, request.actor), difference.region_code
    note_names(difference.subject, int(owes), region_code=region_code, actor=request.actor, now=clock.now())
    number = difference.kind == DifferenceKind.NUMBER
    sees_person = difference.person_id is not None and people_for(request.actor).filter(pk=difference.person_id).exists()
    context = {
        "difference": difference,
        "name": difference.name if owes else mask_name(difference.name),
        "list": list_said(difference.roster),
        "detail": detail_said(difference),
        "place": place_said(difference.region_code, place_names({difference.region_code})),
        "role": Role(difference.role).label,
        "tone": TONES[difference.state],
        "late": difference.state == DifferenceState.OPEN and difference.due_on is not None and difference.due_on < clock.today(),
        "form": (form or SettleForm(difference)) if owes else None,
        "number_form": (number_form or NumberForm()) if owes and number and person_before(difference) else None,
        "with_evidence": [each.label for each in WITH_EVIDENCE if each in difference.outcomes],
        "sees_person": sees_person,
    }
    return render(request, "department/difference.html", context, status=status)


@require_POST
@for_posts(*SETTLING_ROLES)
def settle(request: PostRequest, difference_id: int) -> HttpResponseBase:
    """Settle a difference."""
    difference = found(difference_for, request.actor, difference_id)
    form = SettleForm(difference, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        with told_at(form, lambda error: "evidence" if error.code == "E-PAPER" else None):
            settle_and_enter(
                difference.pk,
                given["outcome"],
                given["reason"],
                evidence=given["evidence"],
                actor=request.actor,
                now=clock.now(),
            )
            messages.success(request, _("It is settled and kept on record."))
            return redirect("department:difference", difference.pk)
    return _one(request, difference, form=form, status=422)


@require_POST
@for_posts(*SETTLING_ROLES)
def correct(request: PostRequest, difference_id: int) -> HttpResponseBase:
    """Give the person the corrected number, with the paper; what is on record stays theirs."""
    difference = found(difference_for, request.actor, difference_id)
    form = NumberForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        with told_at(form):
            settle_corrected(
                difference.pk,
                given["number"],
                given["paper"],
                corrected_on=given["corrected_on"],
                actor=request.actor,
                now=clock.now(),
            )
            messages.success(request, _("The number is corrected. Everything on record stays with the person."))
            return redirect("department:difference", difference.pk)
    return _one(request, difference, number_form=form, status=422)
