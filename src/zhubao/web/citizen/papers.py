"""The papers of an application: which are wanted, sending a photo, taking one back. What a list proves needs no paper."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhubao.access.uploads import LARGEST_BYTES
from zhubao.cases.actions.intake import add_attachment, remove_attachment
from zhubao.cases.completeness import where_to_bring
from zhubao.cases.models import Attachment, Case
from zhubao.cases.papers import CERTIFICATES, OTHER, Paper, paper_of, papers_of
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.policies.claims import implements
from zhubao.web.calculator.words import explained
from zhubao.web.clerk.uploads import limited
from zhubao.web.middleware import CitizenRequest

from .asking import editable, own_case, require_seen, stamp, today
from .informing import proofs_of
from .sections import after

TYPES = {".pdf": "application/pdf", ".jpg": "image/jpeg", ".png": "image/png"}


class PaperForm(forms.Form):
    """One file."""

    use_required_attribute = False
    file = forms.FileField(
        label=_("Photo or PDF"),
        error_messages={
            "required": _("Choose a photo or a file first."),
            "empty": _("The file is empty. Take the photo again."),
            "missing": _("Choose a photo or a file first."),
        },
        help_text=_("JPEG, PNG or PDF, at most 10 MB. All four corners and every word must be visible."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
    )


@dataclass(frozen=True)
class Wanted:
    """One paper of a case: what was sent, whether its original was seen, and the list that makes it needless ("" for none)."""

    paper: Paper
    files: list[Attachment]
    seen: bool
    proved_by: str

    @property
    def words(self) -> tuple[Any, str]:
        """How it stands, and the ground of the words."""
        if self.proved_by:
            return _("not needed"), "ok"
        if self.seen:
            return _("the original was seen"), "ok"
        if self.files:
            return _("photo sent"), "ok"
        return (_("if it applies"), "info") if self.paper is OTHER else (_("nothing sent yet"), "wait")


@implements("rg-annex1-n1", as_="feature")
def wanted_for(case: Case, on: Any) -> list[Wanted]:
    """Return the papers of a case in the order of the programme, other papers last."""
    category = case.application.category
    proved = {proof.code: proof for proof in proofs_of(case, on)}
    sent = list(case.attachments.filter(removed_at=None))
    rows = []
    for paper in (*papers_of(case, category), OTHER):
        own = [each for each in sent if each.kind == paper.kind]
        by = proved[category].by if category in proved and paper is CERTIFICATES.get(category) else ""
        rows.append(Wanted(paper, [each for each in own if each.sha256], any(each.original_seen_on for each in own), by))
    return rows


@require_GET
@own_case
def papers(request: CitizenRequest, case: Case) -> HttpResponseBase:
    """List the papers with how each stands, and where originals are shown."""
    context = {
        "case": case,
        "papers": wanted_for(case, today(request)),
        "bring": where_to_bring(case),
        "open": case.closed_at is None,
        "onward": after("papers", case, today(request)) if editable(case) else "",
    }
    return render(request, "citizen/papers.html", context)


def too_large(request: HttpRequest) -> HttpResponse:
    """Answer a file so large that it was not even read."""
    return render(request, "citizen/too_large.html", {"again": request.path}, status=413)


@require_http_methods(["GET", "POST"])
@limited(too_large, 3 * LARGEST_BYTES)
@own_case
def paper(request: CitizenRequest, case: Case, kind: str) -> HttpResponseBase:
    """Take a photo of one paper; the same photo twice is kept once."""
    wanted = next((each for each in wanted_for(case, today(request)) if each.paper.kind == kind), None)
    if wanted is None or case.closed_at is not None:
        raise Http404
    form = PaperForm(request.POST, request.FILES) if request.method == "POST" else PaperForm()
    if request.method == "POST":
        require_seen(request, case)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                add_attachment(case.pk, paper_of(kind).kind, file.name, file.read(), actor=request.actor, now=request.now)
            except ZhubaoError as error:
                if not error.code.startswith("E-ATTACHMENT"):
                    raise
                form.add_error("file", explained(error))
            else:
                return redirect("citizen:papers", case.number)
    bring: Text = where_to_bring(case)
    context = {"case": case, "wanted": wanted, "form": form, "bring": bring, "editable": editable(case), **stamp(case)}
    return render(request, "citizen/paper.html", context, status=422 if form.errors else 200)


@require_GET
@own_case
def look(request: CitizenRequest, case: Case, file_id: int) -> HttpResponseBase:
    """Show a file the applicant or the office put with the case."""
    file = case.attachments.filter(pk=file_id, removed_at=None).exclude(stored_as="").first()
    if file is None or not file.path.exists():
        raise Http404
    suffix = file.path.suffix
    answer = FileResponse(file.path.open("rb"), content_type=TYPES.get(suffix, "application/octet-stream"))
    answer.headers["Content-Disposition"] = f'inline; filename="{file.kind}{suffix}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_POST
@own_case
def remove(request: CitizenRequest, case: Case, file_id: int) -> HttpResponseBase:
    """Take a paper back while the applicant has the form."""
    file = case.attachments.filter(pk=file_id).first()
    if file is None:
        raise Http404
    remove_attachment(file.pk, actor=request.actor, now=request.now)
    return redirect("citizen:papers", case.number)
