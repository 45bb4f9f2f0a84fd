"""Files in and out: the list, the upload, one file with what became of each line, taking it along, its answer."""

from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.exchange.actions import Receipt, answer_envelope, hand_over
from zhubao.exchange.files import LAYOUTS
from zhubao.exchange.models import FINAL, TAKEN, Direction, Envelope, EnvelopeState
from zhubao.exchange.selectors import HANDLING_ROLES, access_envelope_for, envelopes_for
from zhubao.exchange.storage import companion
from zhubao.loans.claims.selectors import CLAIM_ROLES, lines_recomputed
from zhubao.loans.models import SubsidyClaim
from zhubao.loans.selectors import loans_for
from zhubao.procedures.claim_received import KIND as CLAIMS
from zhubao.procedures.claim_received import hand_claim_in
from zhubao.procedures.contribution_received import KIND as CONTRIBUTIONS
from zhubao.procedures.contribution_received import receive_contributions
from zhubao.procedures.draw_paid import receive_draw_return
from zhubao.procedures.plan_files import APPLY as PLAN_FILES
from zhubao.rosters.actions import too_large
from zhubao.web.attempts import told_above, told_at
from zhubao.web.clerk.uploads import limited
from zhubao.web.clerk.words import explained, said
from zhubao.web.documents.to_print import has_list
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .forms import KINDS, UploadForm, kinds_for
from .words import faults_of, row_of

LISTED: Final = 50
# Kinds whose lines are applied in the background: the page follows until it is done.
APPLIED: Final = ("draw_return", "contribution_receipts", "pension_credit", "deduction_return", CLAIMS, *PLAN_FILES)
FILE_ROLES: Final = HANDLING_ROLES | {Role.AUDITOR}


@require_GET
@for_posts(*FILE_ROLES)
def listing(request: PostRequest) -> HttpResponseBase:
    """List the files of the post's office, or of the region for who looks after it; above it the form for more."""
    return _listing(request)


def _listing(request: PostRequest, form: UploadForm | None = None, status: int = 200) -> HttpResponseBase:
    actor = request.actor
    wanted = {name: request.GET.get(name, "") for name in ("direction", "kind")}
    wanted["direction"] = wanted["direction"] if wanted["direction"] in Direction.values else ""
    wanted["kind"] = wanted["kind"] if wanted["kind"] in LAYOUTS else ""
    files = envelopes_for(actor).filter(**{name: value for name, value in wanted.items() if value})
    page = Paginator(files, LISTED).get_page(request.GET.get("page"))
    if form is None and kinds_for(actor):
        form = UploadForm(actor)
    context = {
        "page": page,
        "rows": [row_of(envelope) for envelope in page],
        "form": form,
        "wanted": wanted,
        "narrowed": any(wanted.values()),
        "kinds": [(kind, said(layout.title)) for kind, layout in LAYOUTS.items()],
        "limit": settings.UPLOAD_LIMIT_BYTES,
    }
    return render(request, "files/all.html", context, status=status)


@for_posts(*FILE_ROLES)
def _refuse_large(request: PostRequest) -> HttpResponseBase:
    messages.error(request, explained(too_large(_("This file"))))
    return _listing(request, status=413)


@limited(_refuse_large)
@require_POST
@for_posts(*{role for kind in KINDS for role in kind.roles})
def upload(request: PostRequest) -> HttpResponseBase:
    """Take a file in and have its lines applied in the background; a faulty one is kept and refused whole, fault by fault."""
    actor = request.actor
    form = UploadForm(actor, request.POST, request.FILES)
    if not form.is_valid():
        return _listing(request, form, status=422)
    with told_at(form):
        receipt = _received(form.cleaned_data, actor)
        level = messages.error if receipt.refused else messages.success if receipt.new else messages.info
        level(request, said(receipt.words))
        return redirect("files:file", receipt.envelope.pk)
    return _listing(request, form, status=422)


def _received(values: dict[str, Any], actor: Actor) -> Receipt:
    sent, beside = values["sent"], values["companion"]
    common: dict[str, Any] = {
        "name": sent.name or "",
        "policy_id": values["policy"],
        "region_code": actor.scope[:6],
        "companion": beside.read().decode("utf-8", "replace") if beside else "",
        "actor": actor,
        "now": clock.now(),
    }
    if values["kind"] == CLAIMS:
        return hand_claim_in(sent.chunks(), bank_id=values["sender"], **common)
    common["agency_id"] = values["agency"]
    if values["kind"] == CONTRIBUTIONS:
        return receive_contributions(sent.chunks(), tax_id=values["sender"], **common)
    return receive_draw_return(sent.chunks(), bank_id=values["sender"], **common)


@require_GET
@for_posts(*FILE_ROLES)
def one(request: PostRequest, file_id: int) -> HttpResponseBase:
    """Show a file: from whom to whom, its faults, and what became of each line; it follows while lines are applied."""
    envelope = found_envelope(request.actor, file_id)
    lines = envelope.lines.all()
    show = request.GET.get("show", "")
    if show == "refused":
        lines = lines.exclude(result_code__in=("", TAKEN))
    page = Paginator(lines, LISTED).get_page(request.GET.get("page"))
    applied = envelope.lines.exclude(applied_at=None).count()
    numbers = {line.subject.partition(":")[2] for line in page if line.subject.startswith("loan:")}
    known = set(loans_for(request.actor).filter(number__in=numbers).values_list("number", flat=True))
    worked = envelope.direction == Direction.IN and envelope.state in FINAL and not envelope.fault
    claim = SubsidyClaim.objects.filter(envelope=envelope).first() if envelope.kind == CLAIMS else None
    if claim is not None:
        applied = lines_recomputed(claim)
    context = {
        **row_of(envelope),
        "faults": faults_of(envelope),
        "page": page,
        "lines": [(line, _name(line.subject), line.subject.partition(":")[2] in known) for line in page],
        "applied": applied,
        "applying": envelope.state == EnvelopeState.RECEIVED and envelope.kind in APPLIED,
        "being_read": envelope.state == EnvelopeState.ARRIVED,
        "refused_lines": envelope.count - envelope.taken_count if worked else 0,
        "show": show,
        "on_paper": has_list(envelope),
        "answer": envelope.answered_by.order_by("pk").last() if worked else None,
        "claim": claim if request.actor.role in CLAIM_ROLES else None,
        "may_answer": worked
        and envelope.kind != CLAIMS
        and request.actor.organisation_id == envelope.receiver_id
        and request.actor.role in HANDLING_ROLES,
    }
    return render(request, "files/file.html", context)


def _name(subject: str) -> str:
    return subject.partition(":")[2] or subject


@never_cache
@require_POST
@for_posts(*FILE_ROLES)
def take(request: PostRequest, file_id: int) -> HttpResponseBase:
    """Give the file to somebody who may see it; who took it is on record, and a written file counts as handed over."""
    envelope = found_envelope(request.actor, file_id)
    if not envelope.path.exists():
        messages.error(request, _("The file is not where it was kept. Ask the administrator to restore it from the backup."))
        return redirect("files:file", envelope.pk)
    envelope = hand_over(envelope.pk, actor=request.actor, now=clock.now())
    return FileResponse(envelope.path.open("rb"), as_attachment=True, filename=envelope.name)


@require_GET
@for_posts(*FILE_ROLES)
def hash_beside(request: PostRequest, file_id: int) -> HttpResponseBase:
    """Give the companion with the file's SHA-256."""
    envelope = found_envelope(request.actor, file_id)
    answer = HttpResponse(companion(envelope.sha256, envelope.name), content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{envelope.sha256[:12]}.sha256"'
    return answer


@require_POST
@for_posts(*HANDLING_ROLES)
def answer(request: PostRequest, file_id: int) -> HttpResponseBase:
    """Write the answer to a file that was worked through, line by line."""
    envelope = found_envelope(request.actor, file_id)
    with told_above(request):
        written = answer_envelope(envelope.pk, actor=request.actor, now=clock.now())
        messages.success(request, _("The answer is written; take it here."))
        return redirect("files:file", written.pk)
    return redirect("files:file", envelope.pk)


def found_envelope(actor: Actor, file_id: int) -> Envelope:
    """Return a file the post may see; raise Http404 for any other, as if it were not there."""
    try:
        return access_envelope_for(actor, file_id)
    except Envelope.DoesNotExist as error:
        raise Http404 from error
