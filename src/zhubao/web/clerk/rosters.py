"""Roster files: hand in, see how each was read, say what a file is."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.errors import ZhubaoError
from zhubao.procedures.jobs import read_soon
from zhubao.rosters.actions import RECEIVING_ROLES, SCREENING_ROLES, receive_file, say_kind, too_large
from zhubao.rosters.models import FileState, RosterFile
from zhubao.rosters.selectors import file_for, files_for
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .entering import entering
from .finding import counties_of, found
from .forms import INSURED, KindForm, UploadForm
from .uploads import limited
from .words import COLUMNS, STATES, explained, kinds_said, language, remark_said

PAGE = 50


def row_of(file: RosterFile) -> dict[str, Any]:
    """Return what the list shows of a file."""
    kinds = ";".join(dict.fromkeys(kind for sheet in file.sheets for kind in (sheet["kind"] or "").split(";") if kind))
    state, tone = STATES[file.state]
    return {
        "file": file,
        "kinds": kinds_said(kinds or (INSURED if file.insured else file.kind)),
        "state": state,
        "tone": tone,
        "fault": fault_of(file),
    }


def fault_of(file: RosterFile) -> str:
    """Return why a file cannot be read, in the page's language and without the code in front; "" when it can."""
    return (file.fault if language() == "zh" else file.fault_en).partition(": ")[2]


@require_GET
@for_posts(*RECEIVING_ROLES)
def listing(request: PostRequest) -> HttpResponseBase:
    """List the files handed in, with the form for more; htmx asks for the table alone while files are being read."""
    return _listing(request, UploadForm(counties_of(request.actor)))


def _listing(request: PostRequest, form: UploadForm, status: int = 200) -> HttpResponseBase:
    page = Paginator(files_for(request.actor), PAGE).get_page(request.GET.get("page"))
    rows = [row_of(file) for file in page]
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "reading": any(row["file"].state == FileState.RECEIVED for row in rows),
        "limit": settings.UPLOAD_LIMIT_BYTES,
        "may_screen": request.actor.role in SCREENING_ROLES,
    }
    partial = getattr(request, "htmx", False) and request.method == "GET"
    return render(request, "clerk/roster_rows.html" if partial else "clerk/rosters.html", context, status=status)


@for_posts(*RECEIVING_ROLES)
def _refuse_large(request: PostRequest) -> HttpResponseBase:
    form = UploadForm(counties_of(request.actor))
    messages.error(request, explained(too_large(_("These files together"))))
    return _listing(request, form, status=413)


@limited(_refuse_large)
@require_POST
@for_posts(*RECEIVING_ROLES)
def upload(request: PostRequest) -> HttpResponseBase:
    """Take files in and have each read in the background; what is wrong with one does not stop the others."""
    counties = counties_of(request.actor)
    form = UploadForm(counties, request.POST, request.FILES)
    if not form.is_valid():
        return _listing(request, form, status=422)
    county = form.cleaned_data["region"] or counties[0]
    files = form.cleaned_data["sent"]
    kinds = request.POST.getlist("kind") or [""]
    taken = 0
    for at, sent in enumerate(files):
        kind = kinds[at] if len(kinds) == len(files) else kinds[0]
        try:
            file, new = receive_file(
                sent.chunks(),
                name=sent.name or "",
                region_code=county.code,
                kind="" if kind == INSURED else kind,
                insured=kind == INSURED,
                actor=request.actor,
                now=clock.now(),
            )
        except ZhubaoError as error:
            messages.error(request, explained(error))
            continue
        if new:
            read_soon(file.pk)
            taken += 1
        else:
            messages.info(
                request,
                _("%(name)s is here already: the same content was handed in as %(before)s. Nothing was changed.")
                % {"name": sent.name, "before": file.name},
            )
    if taken:
        words = ngettext("%(count)d file is being read.", "%(count)d files are being read.", taken)
        messages.success(request, words % {"count": taken})
    return redirect("clerk:rosters")


@require_GET
@for_posts(*RECEIVING_ROLES)
def one(request: PostRequest, file_id: int) -> HttpResponseBase:
    """Show how one file was read, sheet by sheet."""
    return _one(request, found(file_for, request.actor, file_id))


def _one(request: PostRequest, file: RosterFile, form: KindForm | None = None, status: int = 200) -> HttpResponseBase:
    sheets = [
        {
            **sheet,
            "kinds": kinds_said(sheet["kind"]),
            "columns": [(letter, COLUMNS.get(column, column)) for letter, column in sheet["mapping"].items()],
            "noted": [(remark_said(name), count) for name, count in sheet["remarks"].items()],
        }
        for sheet in file.sheets
    ]
    context = {
        **row_of(file),
        "sheets": sheets,
        "form": form or KindForm(initial={"kind": INSURED if file.insured else file.kind}),
        "used": file.screenings.exists(),
        **entering(request, file),
    }
    return render(request, "clerk/roster.html", context, status=status)


@require_POST
@for_posts(*RECEIVING_ROLES)
def say_what_it_is(request: PostRequest, file_id: int) -> HttpResponseBase:
    """Say what a file is and have it read again."""
    file = found(file_for, request.actor, file_id)
    form = KindForm(request.POST)
    if not form.is_valid():
        return _one(request, file, form, status=422)
    kind = form.cleaned_data["kind"]
    try:
        say_kind(file.pk, "" if kind == INSURED else kind, insured=kind == INSURED, actor=request.actor, now=clock.now())
    except ZhubaoError as error:
        messages.error(request, explained(error))
        return redirect("clerk:roster", file.pk)
    read_soon(file.pk)
    messages.success(request, _("The file is being read again."))
    return redirect("clerk:roster", file.pk)
