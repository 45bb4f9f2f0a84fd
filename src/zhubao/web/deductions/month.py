"""A month of a bank: pensions credited, orders, what the bank took, what waits; the files are written and taken in here."""

from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.actors import Actor, OutOfScope
from zhubao.errors import ZhubaoError
from zhubao.exchange.actions import Receipt
from zhubao.exchange.models import Envelope
from zhubao.exchange.selectors import envelopes_for, next_batch
from zhubao.loans.deductions.ordering import Open
from zhubao.loans.deductions.selectors import answer_of, instruction_of, orders_of, sums_of
from zhubao.loans.models import DeductionOrder
from zhubao.loans.selectors import loans_for
from zhubao.loans.states import RUGAO
from zhubao.policies import judge_of
from zhubao.procedures.deduction_returned import receive_deduction_return
from zhubao.procedures.deductions_ordered import NET, ORDERS, examined, pensions_left, send_net_pensions, send_orders
from zhubao.procedures.pension_credited import KIND as CREDITS
from zhubao.procedures.pension_credited import receive_pension_credits
from zhubao.rosters.actions import too_large
from zhubao.web.attempts import Attempt, told_at
from zhubao.web.clerk.uploads import limited
from zhubao.web.clerk.words import explained, said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .finding import LOADING_ROLES, ORDERING_ROLES, READING_ROLES, RULES, Asked, asked, tone_of
from .forms import APPROVED, RETURN, LoadForm

LISTED: Final = 50
FILES: Final = 12
KINDS: Final = (CREDITS, ORDERS, "deduction_return", NET)


@never_cache
@require_GET
@for_posts(*READING_ROLES)
def month(request: PostRequest) -> HttpResponseBase:
    """Show a month of a bank."""
    return _shown(request, asked(request.actor, request.GET))


@require_POST
@for_posts(*ORDERING_ROLES)
def order(request: PostRequest) -> HttpResponseBase:
    """Write the file of instalments for the bank; what has to wait is listed with the reason."""
    here = asked(request.actor, request.POST)
    policy = request.POST.get("policy", "")
    if here.bank is None or policy not in _policies(request.actor, here):
        return _shown(request, here, fault=_("There is nothing to order at this bank."), status=422)
    batch = request.POST.get("batch", "").strip()
    try:
        done = send_orders(here.bank.pk, policy, batch, actor=request.actor, now=clock.now())
    except OutOfScope:
        raise
    except ZhubaoError as error:
        return _shown(request, here, fault=explained(error), status=422)
    if done.envelope is None:
        messages.info(request, _("No instalment can be told to the bank now; the list says what each waits for."))
    else:
        words = ngettext("%(count)d instalment is in the file.", "%(count)d instalments are in the file.", done.envelope.count)
        messages.success(request, words % {"count": done.envelope.count})
    if done.waiting:
        words = ngettext("%(count)d waits.", "%(count)d wait.", len(done.waiting))
        messages.warning(request, words % {"count": len(done.waiting)})
    return redirect(here.address)


@require_POST
@for_posts(*ORDERING_ROLES)
def net(request: PostRequest) -> HttpResponseBase:
    """Write the list of pensions left after deduction for civil affairs."""
    here = asked(request.actor, request.POST)
    with Attempt() as attempt:
        file = send_net_pensions(here.month, request.POST.get("batch", "").strip(), actor=request.actor, now=clock.now())
        words = ngettext("%(count)d person is on the list for civil affairs.", "%(count)d people are on the list.", file.count)
        messages.success(request, words % {"count": file.count})
        return redirect(here.address)
    return _shown(request, here, fault=attempt.fault, status=422)


@for_posts(*LOADING_ROLES)
def _refuse_large(request: PostRequest) -> HttpResponseBase:
    messages.error(request, explained(too_large(_("This file"))))
    return _shown(request, asked(request.actor, {}), status=413)


@limited(_refuse_large)
@require_POST
@for_posts(*LOADING_ROLES)
def load(request: PostRequest) -> HttpResponseBase:
    """Take a file in and have its lines applied in the background; a faulty one is kept and refused whole, fault by fault."""
    actor, here = request.actor, asked(request.actor, request.POST)
    policies = _policies(actor, here)
    if here.bank is None or not policies:
        return _shown(request, here, fault=_("Nothing is repaid at this bank."), status=422)
    form = LoadForm(actor, here.bank, _order_files(actor, here), request.POST, request.FILES)
    if not form.is_valid():
        return _shown(request, here, form=form, status=422)
    policy = request.POST.get("policy", "")
    with told_at(form):
        receipt = _received(actor, here, policy if policy in policies else next(iter(policies)), form.cleaned_data)
        level = messages.error if receipt.refused else messages.success if receipt.new else messages.info
        level(request, said(receipt.words))
        return redirect("files:file", receipt.envelope.pk)
    return _shown(request, here, form=form, status=422)


def _received(actor: Actor, here: Asked, policy: str, values: dict[str, Any]) -> Receipt:
    assert here.bank is not None
    loan = loans_for(actor).filter(bank=here.bank, policy_id=policy).order_by("pk").first()
    assert loan is not None
    sent, beside = values["sent"], values["companion"]
    common: dict[str, Any] = {
        "name": sent.name or "",
        "policy_id": policy,
        "region_code": actor.scope[:6],
        "companion": beside.read().decode("utf-8", "replace") if beside else "",
        "actor": actor,
        "now": clock.now(),
    }
    if values["kind"] == RETURN:
        answers = Envelope.objects.filter(pk=values["answers"]).first() if values["answers"] else None
        return receive_deduction_return(sent.chunks(), bank_id=here.bank.pk, agency_id=loan.agency_id, answers=answers, **common)
    offices = (loan.agency_id, here.bank.pk) if values["kind"] == APPROVED else (here.bank.pk, loan.agency_id)
    return receive_pension_credits(sent.chunks(), sender_id=offices[0], receiver_id=offices[1], **common)


def _shown(
    request: PostRequest, here: Asked, *, form: LoadForm | None = None, fault: str = "", status: int = 200
) -> HttpResponseBase:
    actor, bank = request.actor, here.bank
    context: dict[str, Any] = {"here": here, "month": f"{here.month:%Y-%m}", "fault": fault, "tab": "month"}
    if bank is not None:
        page = Paginator(orders_of(actor, bank.pk, here.month), LISTED).get_page(request.GET.get("page"))
        policies = _policies(actor, here)
        orders = actor.role in ORDERING_ROLES
        if form is None and actor.role in LOADING_ROLES:
            form = LoadForm(actor, bank, _order_files(actor, here))
        own = actor.organisation_id or 0
        context |= {
            "page": page,
            "rows": _rows(list(page), clock.today()),
            "sums": sums_of(actor, bank.pk, here.month),
            "policies": policies.items(),
            "orders": orders,
            "batch": next_batch(own, ORDERS, clock.today()) if orders else "",
            "form": form,
            "files": list(_files(actor, here)[:FILES]),
        }
        if orders and RUGAO in policies:
            left = pensions_left(actor, here.month)
            context |= {
                "net": left,
                "net_ready": sum(not each.waits for each in left),
                "net_waiting": sum(each.waits for each in left),
                "net_batch": next_batch(own, NET, clock.today()),
            }
    return render(request, "deductions/month.html", context, status=status)


def _rows(orders: list[DeductionOrder], on: date) -> list[dict[str, Any]]:
    """Return what the list shows of each order: what the bank was told and took, or why it waits."""
    untold = [each for each in orders if instruction_of(each) is None and each.amount_fen]
    waits: dict[int, Open] = {each.order.pk: each for each in examined(untold, on)}
    rows = []
    for each in orders:
        told, answer, open_ = instruction_of(each), answer_of(each), waits.get(each.pk)
        rows.append(
            {
                "order": each,
                "loan": each.loan,
                "rule": RULES[each.rule],
                "deferred_fen": max(0, (each.agreed_fen or 0) - each.amount_fen) if each.amount_fen < each.debt_fen else 0,
                "told": told,
                "credit": told.credit if told else open_.credit if open_ else None,
                "answer": answer,
                "result": answer.get_result_display() if answer else "",
                "tone": tone_of(answer.result) if answer else "",
                "waits": explained(open_.waits) if open_ and open_.waits else "",
                "ready_fen": open_.amount_fen if open_ and not open_.waits else None,
            }
        )
    return rows


def _policies(actor: Actor, here: Asked) -> dict[str, str]:
    """Return the programmes of the bank's loans that the post may see, each with its title."""
    if here.bank is None:
        return {}
    found = loans_for(actor).filter(bank=here.bank).order_by("policy_id").values_list("policy_id", flat=True).distinct()
    return {policy_id: said(judge_of(policy_id).policy.title) for policy_id in found}


def _order_files(actor: Actor, here: Asked) -> list[Envelope]:
    return list(envelopes_for(actor).filter(kind=ORDERS, receiver=here.bank)[:FILES])


def _files(actor: Actor, here: Asked) -> Any:
    files = envelopes_for(actor).filter(kind__in=KINDS)
    return (files.filter(sender=here.bank) | files.filter(receiver=here.bank) | files.filter(kind=NET)).distinct()
