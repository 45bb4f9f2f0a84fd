"""The uninsured: found at a click, helped by village and township, the outcome recorded and checked."""

from datetime import datetime
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.accounts.helping import actions
from zhubao.accounts.helping.course import PROCESS
from zhubao.accounts.helping.models import EnrolmentHelp, HelpGround
from zhubao.documents.courses import HelpList, HelpRow
from zhubao.documents.workbooks import write_list
from zhubao.people.models import Scheme
from zhubao.people.selectors import insured_records, phone_of
from zhubao.policies.claims import implements
from zhubao.web.clerk.finding import counties_of
from zhubao.web.clerk.words import said
from zhubao.web.courses import Act, NothingForm, ReasonForm, Values, history, offered, post_step
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts
from zhubao.web.transfers.listing import sent

from .finding import READING_ROLES, TONES, found_help, wanted_in
from .places import PLACES

LISTED, MOST_ROWS = 50, 50_000


class WordsForm(NothingForm):
    """What was said."""

    reason = forms.CharField(
        label=_("What was said"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write what was said.")},
    )


class OutcomeForm(WordsForm):
    """What came of it."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[("enrolled", _("enrolled")), ("refused", _("does not want to")), ("elsewhere", _("insured elsewhere"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the outcome.")},
    )
    scheme = forms.ChoiceField(
        label=_("Scheme, when enrolled"),
        choices=[("", "—"), (Scheme.RESIDENT, Scheme.RESIDENT.label), (Scheme.EMPLOYEE, Scheme.EMPLOYEE.label)],
        required=False,
    )
    place = forms.CharField(label=_("Where, when insured elsewhere"), max_length=100, required=False)
    field_order = ("outcome", "scheme", "place", "reason")


def _settle(pk: int, values: Values, actor: Actor, now: datetime) -> object:
    return actions.settle(
        pk, values["outcome"], values["reason"], scheme=values["scheme"], place=values["place"], actor=actor, now=now
    )


ACTS: Final[dict[str, Act]] = {
    "settle": Act(_settle, OutcomeForm),
    "contact": Act(lambda pk, values, actor, now: actions.contact(pk, values["reason"], actor=actor, now=now), WordsForm),
    "close": Act(lambda pk, _values, actor, now: actions.close(pk, actor=actor, now=now)),
    "again": Act(
        lambda pk, values, actor, now: actions.again(pk, values["reason"], actor=actor, now=now), ReasonForm, grave=True
    ),
}


@implements("gz-12b", "gz-3c", as_="feature")
@never_cache
@require_GET
@for_posts(*READING_ROLES)
def listing(request: PostRequest) -> HttpResponseBase:
    """List the people to be helped with how many stand where."""
    wanted = wanted_in(request.GET)
    page = Paginator(wanted.rows(request.actor), LISTED).get_page(request.GET.get("page"))
    counts = dict(EnrolmentHelp.objects.seen_by(request.actor).order_by().values_list("state").annotate(Count("pk")))
    context: dict[str, Any] = {
        "page": page,
        "rows": [(each, said(each.label), TONES[each.state]) for each in page],
        "figures": [(state.name, said(state.label), counts.get(state.name, 0)) for state in PROCESS.states],
        "wanted": wanted,
        "grounds": HelpGround.choices,
        "counties": counties_of(request.actor) if request.actor.role == Role.AGENCY_REVIEWER else [],
    }
    return render(request, "guidance/help.html", context)


@require_POST
@for_posts(Role.AGENCY_REVIEWER)
def find(request: PostRequest) -> HttpResponseBase:
    """Find everybody who is in no pension scheme and open their help."""
    wanted = request.POST.get("county", "")
    county = next((each.code for each in counties_of(request.actor) if each.code == wanted), "")
    if not county:
        raise Http404
    made = actions.find_uninsured(county, actor=request.actor, now=clock.now())
    words = ngettext("%(count)d more person is to be helped.", "%(count)d more people are to be helped.", made)
    messages.success(request, words % {"count": made})
    return redirect("guidance:help")


@never_cache
@require_GET
@for_posts(*READING_ROLES)
def one(request: PostRequest, help_id: int) -> HttpResponseBase:
    """Show one person with the steps of the post."""
    return shown(request, found_help(request.actor, help_id))


@require_POST
@for_posts(*READING_ROLES)
def step(request: PostRequest, help_id: int, verb: str) -> HttpResponseBase:
    """Take a step; refused, the page shows why beside what was filled in."""
    found = found_help(request.actor, help_id)
    if verb not in ACTS:
        raise Http404
    form = post_step(request, found, ACTS, verb, clock.now())
    return redirect("guidance:one", help_id) if form is None else shown(request, found, (verb, form))


def shown(request: PostRequest, found: EnrolmentHelp, faulty: tuple[str, forms.Form] | None = None) -> HttpResponseBase:
    """Return the page, with the form that was refused as it was filled in."""
    found.refresh_from_db()
    phone = phone_of(found.person)
    context: dict[str, Any] = {
        "help": found,
        "state": said(found.label),
        "tone": TONES[found.state],
        "waiting": said(PROCESS.state(found.state).waiting),
        "phone": phone.masked if phone else "",
        "records": insured_records(found.person),
        "compare": comparison_address(found),
        "acts": offered(found, ACTS, request.actor, faulty),
        "steps": history(found),
    }
    return render(request, "guidance/one.html", context, status=422 if faulty else 200)


def comparison_address(found: EnrolmentHelp) -> dict[str, str]:
    """Return place and query of the comparison for somebody; nothing that names them goes into the address."""
    near = sorted(PLACES.values(), key=lambda place: -_common(place.area_code, found.region_code))
    category = "male60" if found.person.sex == "male" else "female55"
    query = {"birth": f"{found.person.born:%Y-%m}", "category": category, "scheme": "none", "lists": found.category}
    return {"place": near[0].id, **query} if _common(near[0].area_code, found.region_code) >= 2 else {}


def _common(one: str, other: str) -> int:
    """Return how many digits two codes share from the front."""
    return next(
        (at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), min(len(one), len(other))
    )


@never_cache
@require_GET
@for_posts(*READING_ROLES)
def workbook(request: PostRequest) -> HttpResponseBase:
    """Give the people a filter keeps as a workbook; names and numbers are masked as on the page."""
    today = clock.today()
    printed = HelpList(
        date=today,
        number=f"{request.actor.scope}-{today:%Y%m%d}",
        office=request.post.organisation.name,
        rows=tuple(
            HelpRow(
                each.person.masked_name,
                each.person.masked_number,
                str(each.get_ground_display()),
                each.category,
                each.label.zh,
                each.found_on,
                each.contacts,
                each.place or (str(Scheme(each.scheme).label) if each.scheme else ""),
            )
            for each in wanted_in(request.GET).rows(request.actor)[:MOST_ROWS]
        ),
    )
    return sent(write_list(printed), f"{printed.kind}-{today}.xlsx")
