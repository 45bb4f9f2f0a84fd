"""Refunds to people who had paid in full: listed by the centre, paid by the department, come back, corrected."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.models import Organisation, OrganisationQuerySet
from zhubao.access.roles import OrganisationKind, Role
from zhubao.assistance import refunding
from zhubao.assistance.collecting_tasks import renew_tasks
from zhubao.assistance.models import AssistancePlan, PlanRow, Refund, RefundState
from zhubao.assistance.models.refunding import RefundQuerySet
from zhubao.web.cases.due import due_from
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .claims import day_in
from .finding import LISTED, REFUND_ROLES, act, chosen, found_plan, framed, own_payers, shown_rows

TONES = {RefundState.LISTED: "wait", RefundState.PAID: "ok", RefundState.CAME_BACK: "bad"}


def refunds_for(request: PostRequest, plan: AssistancePlan) -> RefundQuerySet:
    """Return the refunds of a plan the post sees."""
    refunds = Refund.objects.filter(plan=plan).select_related("row__plan", "row__person", "office", "account__bank")
    payers = own_payers(request.actor)
    return refunds if payers is None else refunds.filter(payer__in=payers)


@never_cache
@require_GET
@for_posts(*REFUND_ROLES)
def refunds(request: PostRequest, plan_id: int) -> HttpResponseBase:
    """Show who waits for a refund, by when, and to which account."""
    plan, actor, today = found_plan(request.actor, plan_id), request.actor, clock.today()
    found = refunds_for(request, plan)
    sums = found.order_by().aggregate(
        open=Count("pk", filter=~Q(state=RefundState.PAID)),
        open_fen=Sum("amount_fen", filter=~Q(state=RefundState.PAID), default=0),
        paid=Count("pk", filter=Q(state=RefundState.PAID)),
        paid_fen=Sum("amount_fen", filter=Q(state=RefundState.PAID), default=0),
        late=Count("pk", filter=~Q(state=RefundState.PAID) & Q(due_on__lt=today)),
    )
    show = request.GET.get("show", "")
    wanted = found.filter(state=RefundState.PAID) if show == "paid" else found.exclude(state=RefundState.PAID)
    page = Paginator(wanted.order_by("due_on", "pk"), LISTED).get_page(request.GET.get("page"))
    full = PlanRow.objects.filter(plan=plan, state="self_full", on_behalf_fen__gt=0)
    context = framed(
        request,
        plan,
        "refunds",
        page=page,
        rows=_rows(list(page), today),
        sums=sums,
        payable=wanted.filter(state=RefundState.LISTED, account__isnull=False).exists(),
        show=show,
        to_list=full.aggregate(people=Count("pk"), fen=Sum("on_behalf_fen", default=0)),
        may_list=actor.role == Role.AGENCY_REVIEWER and plan.state == "published",
        pays=actor.role == Role.CERTIFIER and plan.state == "published",
        corrects=actor.role in (Role.AGENCY_REVIEWER, Role.AGENCY_ACCOUNTANT),
        banks=_banks(plan),
        today=today,
    )
    return render(request, "collection/refunds.html", context)


def _rows(refunds: list[Refund], today: date) -> list[dict[str, Any]]:
    return [
        {
            **shown,
            "refund": refund,
            "tone": TONES[RefundState(refund.state)],
            "due": due_from(refund.due_arithmetic, refund.due_on, refund.provisional, today),
            "payment": refund.payments.order_by("-attempt").first(),
            "payable": refund.account_id is not None and refund.state == RefundState.LISTED,
            "broken": refund.state == RefundState.CAME_BACK or (refund.account_id is None and refund.state != RefundState.PAID),
        }
        for shown, refund in zip(shown_rows([refund.row for refund in refunds]), refunds, strict=True)
    ]


@require_POST
@for_posts(Role.AGENCY_REVIEWER)
def draw_up(request: PostRequest, plan_id: int) -> HttpResponseBase:
    """Put everybody who paid in full on the refund lists of their departments."""
    plan, now = found_plan(request.actor, plan_id), clock.now()
    done = _("The refund lists are with the departments.")
    if act(request, done, lambda: refunding.list_refunds(plan, actor=request.actor, now=now)):
        renew_tasks(plan, actor=request.actor, now=now)
    return redirect("collection:refunds", plan.pk)


@require_POST
@for_posts(Role.CERTIFIER)
def pay(request: PostRequest, plan_id: int) -> HttpResponseBase:
    """Record that the chosen refunds were paid."""
    plan, given, now = found_plan(request.actor, plan_id), request.POST, clock.now()
    keys, on, reference = chosen(given.getlist("refund")), day_in(given.get("on", "")), given.get("reference", "")
    act(
        request,
        _("The refunds are on record."),
        lambda: refunding.pay_refunds(plan, keys, on, reference, actor=request.actor, now=now),
    )
    renew_tasks(plan, actor=request.actor, now=now)
    return redirect("collection:refunds", plan.pk)


@require_POST
@for_posts(Role.CERTIFIER)
def come_back(request: PostRequest, plan_id: int, refund_id: int) -> HttpResponseBase:
    """Record that a refund came back."""
    plan, given, now = found_plan(request.actor, plan_id), request.POST, clock.now()
    _require_refund(request, plan, refund_id)
    on, reason = day_in(given.get("on", "")), given.get("reason", "")
    act(
        request,
        _("The refund is open again; the centre corrects the account."),
        lambda: refunding.return_refund(refund_id, on, reason, actor=request.actor, now=now),
    )
    renew_tasks(plan, actor=request.actor, now=now)
    return redirect("collection:refunds", plan.pk)


@require_POST
@for_posts(Role.AGENCY_REVIEWER, Role.AGENCY_ACCOUNTANT)
def correct(request: PostRequest, plan_id: int, refund_id: int) -> HttpResponseBase:
    """Give a refund the right account."""
    plan, given, now = found_plan(request.actor, plan_id), request.POST, clock.now()
    _require_refund(request, plan, refund_id)
    offered = _banks(plan).filter(pk__in=chosen([given.get("bank", "")])).first()
    number, reason = given.get("number", ""), given.get("reason", "")
    if offered is None:
        messages.error(request, _("Choose the bank of the account."))
        return redirect("collection:refunds", plan.pk)
    act(
        request,
        _("The account is corrected; the department pays the refund."),
        lambda: refunding.correct_account(refund_id, offered.pk, number, reason, actor=request.actor, now=now),
    )
    return redirect("collection:refunds", plan.pk)


def _banks(plan: AssistancePlan) -> OrganisationQuerySet:
    banks = Organisation.objects.filter(kind=OrganisationKind.BANK, region__code__startswith=plan.region_code)
    return banks.order_by("name")


def _require_refund(request: PostRequest, plan: AssistancePlan, refund_id: int) -> None:
    if not refunds_for(request, plan).filter(pk=refund_id).exists():
        raise Http404
