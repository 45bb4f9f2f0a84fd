"""One resident pension: why it was found, what it comes to with every input, the steps of the post, what was paid."""

from datetime import datetime
from typing import Any, Final

from django import forms
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.accounts.benefits import actions
from zhubao.accounts.benefits.course import PROCESS
from zhubao.accounts.benefits.models import Benefit
from zhubao.accounts.benefits.reckoning import Reckoned, balance_of, other_pensions, reckon
from zhubao.errors import ZhubaoError
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import parameter_book
from zhubao.web.clerk.words import explained, said
from zhubao.web.courses import Act, NothingForm, ReasonForm, Values, history, offered, post_step
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .finding import READING_ROLES, TONES, found_benefit

MONTHS_SHOWN = 24


class ApplyForm(NothingForm):
    """What the person says about another pension."""

    other = forms.ChoiceField(
        label=_("Draws another pension?"),
        choices=[("no", _("No")), ("yes", _("Yes")), ("unknown", _("Not known yet"))],
        widget=forms.RadioSelect,
        help_text=_("An employees' or institution pension, or a resident pension elsewhere. No payment is asked of anybody."),
    )
    source = forms.CharField(label=_("Who said so"), max_length=200, required=False)


class GrantForm(NothingForm):
    """Where somebody looked for another pension, when the records do not say."""

    looked = forms.CharField(
        label=_("Where another pension was looked for"),
        max_length=200,
        required=False,
        help_text=_("Needed only while the records do not say; for example the payment data of the employees' scheme."),
    )


def _apply(pk: int, values: Values, actor: Actor, now: datetime) -> object:
    other = {"no": False, "yes": True}.get(values["other"])
    return actions.apply(pk, other, values["source"], actor=actor, now=now)


ACTS: Final[dict[str, Act]] = {
    "apply": Act(_apply, ApplyForm),
    "decline": Act(
        lambda pk, values, actor, now: actions.decline(pk, values["reason"], actor=actor, now=now), ReasonForm, grave=True
    ),
    "grant": Act(
        lambda pk, values, actor, now: actions.grant(pk, no_other_pension=values["looked"], actor=actor, now=now), GrantForm
    ),
    "refuse": Act(
        lambda pk, values, actor, now: actions.refuse(pk, values["reason"], actor=actor, now=now), ReasonForm, grave=True
    ),
    "reopen": Act(lambda pk, values, actor, now: actions.reopen(pk, values["reason"], actor=actor, now=now), ReasonForm),
    "stop": Act(lambda pk, _values, actor, now: actions.stop(pk, actor=actor, now=now), grave=True),
}


@implements("ps-3.1c", "gz-1d", "gz-6b", as_="feature")
@never_cache
@require_GET
@for_posts(*READING_ROLES)
def benefit(request: PostRequest, benefit_id: int) -> HttpResponseBase:
    """Show a pension with the steps its post may take."""
    return shown(request, found_benefit(request.actor, benefit_id))


@require_POST
@for_posts(*READING_ROLES)
def step(request: PostRequest, benefit_id: int, verb: str) -> HttpResponseBase:
    """Take a step; refused, the page shows why beside what was filled in."""
    found = found_benefit(request.actor, benefit_id)
    if verb not in ACTS:
        raise Http404
    form = post_step(request, found, ACTS, verb, clock.now())
    return redirect("benefits:benefit", benefit_id) if form is None else shown(request, found, (verb, form))


def shown(request: PostRequest, found: Benefit, faulty: tuple[str, forms.Form] | None = None) -> HttpResponseBase:
    """Return the page, with the form that was refused as it was filled in."""
    found.refresh_from_db()
    reckoned, lacking = preview(found)
    dead = found.person.died_on is not None
    context: dict[str, Any] = {
        "benefit": found,
        "state": said(found.label),
        "waiting": said(PROCESS.state(found.state).waiting),
        "tone": TONES[found.state],
        "reckoned": reckoned,
        "lacking": lacking,
        "drawn": other_pensions(found.person),
        "acts": [each for each in offered(found, ACTS, request.actor, faulty) if each.verb != "stop" or dead],
        "amounts": list(found.amounts.order_by("-starts_on")),
        "months": list(found.months.order_by("-month", "-pk")[:MONTHS_SHOWN]),
        "steps": history(found),
    }
    return render(request, "benefits/benefit.html", context, status=422 if faulty else 200)


def preview(found: Benefit) -> tuple[Reckoned | None, str]:
    """Return what a pension not granted yet would come to if applied for today, or what is missing to say it."""
    if found.state not in {"found", "applied"}:
        return None, ""
    today = clock.today()
    try:
        return reckon(found, found.applied_on or today, balance_of(found.person, today), parameter_book()), ""
    except ZhubaoError as error:
        return None, explained(error)
