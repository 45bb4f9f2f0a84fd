"""The bank's file: one to begin with, made from our own figures, and the one it hands in."""

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.actors import OutOfScope
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.exchange.files import layout_of
from zhubao.exchange.files.layout import Head
from zhubao.exchange.files.writing import write
from zhubao.exchange.models import EnvelopeState
from zhubao.loans.claims.actions import receiver_of
from zhubao.loans.claims.preparing import prepared_rows
from zhubao.loans.models import SubsidyClaim
from zhubao.procedures.claim_received import KIND, hand_claim_in
from zhubao.rosters.actions import too_large
from zhubao.web.attempts import told_at
from zhubao.web.clerk.uploads import limited
from zhubao.web.clerk.words import explained, said
from zhubao.web.files.views import found_envelope
from zhubao.web.files.words import faults_of, row_of
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .forms import HandInForm, PrepareForm
from .listing import shown

HANDING_ROLES = (Role.BANK_OFFICER, Role.AGENCY_ACCOUNTANT)
TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}


@never_cache
@require_POST
@for_posts(Role.BANK_OFFICER)
def prepared(request: PostRequest) -> HttpResponseBase:
    """Give the bank the lines of a year from our own figures; whose citizen numbers were opened is on record."""
    form = PrepareForm(request.actor, request.POST)
    if not form.is_valid():
        return shown(request, prepare=form, status=422)
    values, actor = form.cleaned_data, request.actor
    county, bank = actor.scope[:6], request.post.organisation
    try:
        receiver = receiver_of(values["policy"], county)
        rows = prepared_rows(values["policy"], county, bank.pk, int(values["year"]), actor=actor, now=clock.now())
    except OutOfScope:
        raise
    except ZhubaoError as error:
        form.add_error(None, explained(error))
        return shown(request, prepare=form, status=422)
    if not rows:
        form.add_error("year", _("No interest of this year is borne by the government on your loans."))
        return shown(request, prepare=form, status=422)
    layout = layout_of(KIND)
    head = Head(values["batch"], bank.name, receiver.name, layout.purpose.zh)
    answer = HttpResponse(write(layout, head, rows, values["form"]), content_type=TYPES[values["form"]])
    name = f"{layout.title.zh}-{values['year']}-{values['batch']}.{values['form']}"
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


@for_posts(*HANDING_ROLES)
def _refuse_large(request: PostRequest) -> HttpResponseBase:
    messages.error(request, explained(too_large(_("This file"))))
    return shown(request, status=413)


@limited(_refuse_large)
@require_POST
@for_posts(*HANDING_ROLES)
def hand_in(request: PostRequest) -> HttpResponseBase:
    """Take a claim file in and have it read in the background; a faulty one is kept and refused whole, and changes no claim."""
    actor = request.actor
    form = HandInForm(actor, request.POST, request.FILES)
    if not form.is_valid():
        return shown(request, hand_in=form, status=422)
    values = form.cleaned_data
    sent, beside = values["sent"], values["companion"]
    with told_at(form):
        receipt = hand_claim_in(
            sent.chunks(),
            name=sent.name or "",
            policy_id=values["policy"],
            region_code=actor.scope[:6],
            bank_id=values["bank"],
            companion=beside.read().decode("utf-8", "replace") if beside else "",
            actor=actor,
            now=clock.now(),
        )
        level = messages.error if receipt.refused else messages.success if receipt.new else messages.info
        level(request, said(receipt.words))
        return redirect("claims:file", receipt.envelope.pk)
    return shown(request, hand_in=form, status=422)


@never_cache
@require_GET
@for_posts(*HANDING_ROLES)
def file(request: PostRequest, file_id: int) -> HttpResponseBase:
    """Follow a claim file while it is read; then go to its claim, or say why it was refused and take the corrected one."""
    envelope = found_envelope(request.actor, file_id)
    if envelope.kind != KIND:
        return redirect("files:file", envelope.pk)
    claim = SubsidyClaim.objects.filter(envelope=envelope).first()
    if claim is not None:
        address = reverse("claims:claim", args=[claim.number])
        if getattr(request, "htmx", False):
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return redirect(address)
    form = HandInForm(request.actor)
    context = {
        **row_of(envelope),
        "being_read": envelope.state == EnvelopeState.ARRIVED,
        "faults": faults_of(envelope),
        "hand_in": form if envelope.fault and form.offered else None,
    }
    return render(request, "claims/file.html", context)
