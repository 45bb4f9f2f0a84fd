"""After a death: whose pension was paid too long, what came back, what the heirs asked for and got; the list as a workbook."""

from datetime import datetime
from typing import Any, Final

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, F, Sum
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.access.roles import AGENCY_ROLES, Role
from zhubao.accounts.after_death import actions
from zhubao.accounts.after_death.course import PROCESS
from zhubao.accounts.after_death.models import AfterDeath
from zhubao.accounts.models import Source
from zhubao.accounts.selectors import account_of, balance_of
from zhubao.documents.courses import RecoveryList, RecoveryRow
from zhubao.documents.workbooks import write_list
from zhubao.procedures.heirs_paid import loan_before_heirs, pay_heirs
from zhubao.web.calculator.fields import DayField, MoneyField
from zhubao.web.clerk.words import said
from zhubao.web.courses import Act, NothingForm, ReasonForm, Values, history, offered, post_step
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts
from zhubao.web.transfers.listing import sent

READING: Final = (AGENCY_ROLES | {Role.FINANCE_CLERK, Role.HRSS_SUPERVISOR, Role.AUDITOR}) - {Role.AGENCY_ADMINISTRATOR}
TONES: Final = {"found": "info", "recover": "bad", "inherit": "wait", "claimed": "info", "closed": "ok"}
LISTED, MOST_ROWS = 50, 50_000


class RecoverForm(NothingForm):
    """Money that came back."""

    on = DayField(label=pgettext_lazy("money", "Came in on"))
    amount_fen = MoneyField(label=_("Amount (yuan)"))
    payer = forms.CharField(label=pgettext_lazy("money", "Paid by"), max_length=60)
    reference = forms.CharField(label=_("Bank reference"), max_length=100)


class HeirForm(NothingForm):
    """Who receives for the heirs, and why."""

    heir = forms.CharField(label=_("Heir who receives the money"), max_length=60)
    relation = forms.CharField(label=_("Relation to the dead person"), max_length=40)
    proof = forms.CharField(
        label=_("Proof of the right to inherit"),
        max_length=200,
        help_text=_(
            "Kind and number of the paper, for example a notarial deed or a judgement; for small sums the family's undertaking."
        ),
    )


class PayForm(NothingForm):
    """The payment to the heirs: all that is in the account."""

    on = DayField(label=pgettext_lazy("money", "Paid on"))
    voucher = forms.CharField(label=_("Voucher"), max_length=100)


def _recover(pk: int, values: Values, actor: Actor, now: datetime) -> object:
    return actions.recover(pk, values["on"], values["amount_fen"], values["payer"], values["reference"], actor=actor, now=now)


def _claim(pk: int, values: Values, actor: Actor, now: datetime) -> object:
    return actions.claim(pk, values["heir"], values["relation"], values["proof"], actor=actor, now=now)


ACTS: Final[dict[str, Act]] = {
    "recover": Act(_recover, RecoverForm),
    "claim": Act(_claim, HeirForm),
    "pay_heirs": Act(
        lambda pk, values, actor, now: pay_heirs(pk, values["on"], values["voucher"], actor=actor, now=now), PayForm
    ),
    "send_back": Act(
        lambda pk, values, actor, now: actions.send_back(pk, values["reason"], actor=actor, now=now), ReasonForm, grave=True
    ),
}


@never_cache
@require_GET
@for_posts(*READING)
def listing(request: PostRequest) -> HttpResponseBase:
    """List what is settled after deaths, the state asked for or all, with what is still to come back."""
    wanted = _wanted(request)
    rows = _rows(request, wanted)
    page = Paginator(rows, LISTED).get_page(request.GET.get("page"))
    everything = AfterDeath.objects.seen_by(request.actor).order_by()
    counts = dict(everything.values_list("state").annotate(Count("pk")))
    owed = everything.aggregate(fen=Sum(F("overpaid_fen") - F("recovered_fen"), default=0))["fen"]
    context: dict[str, Any] = {
        "page": page,
        "rows": [(each, said(each.label), TONES[each.state]) for each in page],
        "figures": [(state.name, said(state.label), counts.get(state.name, 0)) for state in PROCESS.states[1:]],
        "owed_fen": owed,
        "wanted": wanted,
    }
    return render(request, "benefits/deaths.html", context)


@never_cache
@require_GET
@for_posts(*READING)
def workbook(request: PostRequest) -> HttpResponseBase:
    """Give the list as a workbook; names and numbers are masked."""
    today = clock.today()
    printed = RecoveryList(
        date=today,
        number=f"{request.actor.scope}-{today:%Y%m%d}",
        office=request.post.organisation.name,
        rows=tuple(
            RecoveryRow(
                each.person.masked_name,
                each.person.masked_number,
                each.died_on,
                each.label.zh,
                each.overpaid_fen,
                each.recovered_fen,
                each.owed_fen,
                each.paid_fen,
                each.paid_on,
            )
            for each in _rows(request, _wanted(request))[:MOST_ROWS]
        ),
    )
    return sent(write_list(printed), f"{printed.kind}-{today}.xlsx")


@never_cache
@require_GET
@for_posts(*READING)
def one(request: PostRequest, record_id: int) -> HttpResponseBase:
    """Show one: the months paid too long, the money that came back, the account by source, the steps of the post."""
    return _shown(request, _found(request, record_id))


@require_POST
@for_posts(*READING)
def step(request: PostRequest, record_id: int, verb: str) -> HttpResponseBase:
    """Take a step; refused, the page shows why beside what was filled in."""
    found = _found(request, record_id)
    if verb not in ACTS:
        raise Http404
    form = post_step(request, found, ACTS, verb, clock.now())
    return redirect("benefits:death", record_id) if form is None else _shown(request, found, (verb, form))


def _shown(request: PostRequest, found: AfterDeath, faulty: tuple[str, forms.Form] | None = None) -> HttpResponseBase:
    found.refresh_from_db()
    months = actions.months_after(found.person)
    whole = {each.pk for each in actions.made_whole(months, found.recovered_fen)}
    balance = balance_of(account_of(found.person, region_code=found.region_code))
    loan = loan_before_heirs(found.person)
    context: dict[str, Any] = {
        "record": found,
        "state": said(found.label),
        "waiting": said(PROCESS.state(found.state).waiting),
        "tone": TONES[found.state],
        "months": [(each, each.pk in whole) for each in months],
        "money": list(found.money.all()),
        "balance": balance,
        "lots": [(lot, Source(lot.source).label) for lot in balance.lots if lot.fen],
        "loan": loan.number if loan is not None else "",
        "acts": offered(found, ACTS, request.actor, faulty),
        "steps": history(found),
    }
    return render(request, "benefits/death.html", context, status=422 if faulty else 200)


def _wanted(request: PostRequest) -> str:
    state = request.GET.get("state", "")
    return state if state in {each.name for each in PROCESS.states} else ""


def _rows(request: PostRequest, state: str) -> Any:
    rows = AfterDeath.objects.seen_by(request.actor).select_related("person").order_by("-died_on", "pk")
    return rows.filter(state=state) if state else rows


def _found(request: PostRequest, record_id: int) -> AfterDeath:
    try:
        return AfterDeath.objects.select_related("person").get_for(request.actor, pk=record_id)
    except AfterDeath.DoesNotExist as error:
        raise Http404 from error
