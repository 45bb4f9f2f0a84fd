"""Files of tax and departments: what to begin with, made from the plan, and what comes in."""

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zhubao.access import clock
from zhubao.access.audit import record
from zhubao.access.roles import Role
from zhubao.assistance.collecting_files import actual_rows, verified_rows
from zhubao.assistance.models import AssistancePlan, PlanRow
from zhubao.assistance.parties import departments_claim
from zhubao.assistance.verifying import ready_rows
from zhubao.exchange.files import layout_of
from zhubao.exchange.files.layout import Head
from zhubao.exchange.files.writing import write
from zhubao.exchange.selectors import next_batch
from zhubao.procedures.plan_files import ACTUAL, VERIFIED, receive_plan_file
from zhubao.rosters.actions import too_large
from zhubao.web.attempts import told_at
from zhubao.web.clerk.uploads import limited
from zhubao.web.clerk.words import explained, said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .finding import found_plan, own_payers
from .forms import UploadForm
from .overview import shown

HANDING_ROLES = (Role.TAX_CLERK, Role.CERTIFIER, Role.AGENCY_ACCOUNTANT)
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@for_posts(*HANDING_ROLES)
def _refuse_large(request: PostRequest, plan_id: int = 0) -> HttpResponseBase:
    messages.error(request, explained(too_large(_("This file"))))
    return redirect("collection:all")


@limited(_refuse_large)
@require_POST
@for_posts(*HANDING_ROLES)
def upload(request: PostRequest, plan_id: int) -> HttpResponseBase:
    """Take a file in and have its lines applied in the background; a faulty one is kept and refused whole, fault by fault."""
    actor, plan = request.actor, found_plan(request.actor, plan_id)
    form = UploadForm(actor, plan, request.POST, request.FILES)
    if not form.is_valid():
        return shown(request, plan, form=form, status=422)
    sent, beside = form.cleaned_data["sent"], form.cleaned_data["companion"]
    with told_at(form):
        receipt = receive_plan_file(
            form.cleaned_data["kind"],
            sent.chunks(),
            name=sent.name or "",
            plan=plan,
            sender_id=form.sender(),
            companion=beside.read().decode("utf-8", "replace") if beside else "",
            actor=actor,
            now=clock.now(),
        )
        level = messages.error if receipt.refused else messages.success if receipt.new else messages.info
        level(request, said(receipt.words))
        return redirect("files:file", receipt.envelope.pk)
    return shown(request, plan, form=form, status=422)


@never_cache
@require_POST
@for_posts(Role.TAX_CLERK, Role.CERTIFIER)
def prepared(request: PostRequest, plan_id: int) -> HttpResponseBase:
    """Give tax the actual data as the plan has it, or a department its verified list, to be compared and handed in; on record."""
    actor, plan = request.actor, found_plan(request.actor, plan_id)
    rows, kind = _rows_for(request, plan)
    if not rows:
        messages.error(request, _("There is nobody for this file."))
        return redirect("collection:plan", plan.pk)
    lines = actual_rows(rows) if kind == ACTUAL else verified_rows(rows)
    layout, office = layout_of(kind), request.post.organisation
    batch = next_batch(office.pk, kind, clock.today())
    content = write(layout, Head(batch, office.name, plan.agency.name, layout.purpose.zh), lines, "xlsx")
    record(
        "plan.file_prepared",
        plan.subject,
        actor=actor,
        now=clock.now(),
        region_code=plan.region_code,
        after={"kind": kind, "lines": len(rows)},
    )
    answer = HttpResponse(content, content_type=WORKBOOK)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{layout.title.zh}-{batch}.xlsx')}"
    return answer


def _rows_for(request: PostRequest, plan: AssistancePlan) -> tuple[list[PlanRow], str]:
    if not departments_claim(plan):
        return [], ACTUAL
    if request.actor.role == Role.TAX_CLERK:
        return list(ready_rows(plan).select_related("plan", "person").order_by("pk")), ACTUAL
    rows = PlanRow.objects.filter(plan=plan, state="actual_listed", payer__in=own_payers(request.actor) or ())
    return list(rows.select_related("plan", "person").order_by("pk")), VERIFIED
