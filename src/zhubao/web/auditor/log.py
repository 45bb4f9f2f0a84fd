"""The audit log: read it page by page, take it out as a workbook."""

import tempfile
from pathlib import Path
from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.access.audit_log import READING_ROLES, Wanted, entries_for, record_export
from zhubao.web.doers import doer_said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts
from zhubao.web.templatetags.zhubao import query

from .actions import action_said
from .export import write_log
from .forms import LogForm
from .words import changes, subject_said

LISTED = 50
EXPORTED: Final = 100_000


@require_GET
@for_posts(*READING_ROLES)
def listing(request: PostRequest) -> HttpResponseBase:
    """List what was done in the scope, newest first."""
    form = LogForm(request.actor, clock.today(), request.GET)
    if not form.is_valid():
        return render(request, "auditor/log.html", {"form": form}, status=422)
    page = Paginator(entries_for(request.actor, form.wanted()), LISTED).get_page(request.GET.get("page"))
    rows = [
        {
            "entry": entry,
            "who": entry.actor_name if entry.user_id else doer_said(entry.actor_name),
            "action": action_said(entry.action),
            "subject": subject_said(entry.subject),
            "changes": changes(entry),
        }
        for entry in page
    ]
    address = f"{reverse('auditor:log-export')}?{_query(form.wanted())}"
    context = {"form": form, "page": page, "rows": rows, "count": page.paginator.count, "limit": EXPORTED, "export": address}
    return render(request, "auditor/log.html", context)


def _query(wanted: Wanted) -> str:
    """Return the filter as the query of an address; an empty one asks for every day, not for the last thirty."""
    return query(wanted.as_json()) or "first="


@require_GET
@for_posts(*READING_ROLES)
def export(request: PostRequest) -> HttpResponseBase:
    """Give the wanted entries as a workbook; that, too, goes into the log."""
    form = LogForm(request.actor, clock.today(), request.GET)
    if not form.is_valid():
        return redirect(f"{reverse('auditor:log')}?{request.GET.urlencode()}")
    wanted = form.wanted()
    entries = entries_for(request.actor, wanted)
    count = entries.count()
    if count > EXPORTED:
        messages.error(request, _("%(count)d entries are too many for one file; choose fewer days.") % {"count": count})
        return redirect(f"{reverse('auditor:log')}?{request.GET.urlencode()}")
    handle = tempfile.NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115 - removed when the answer has opened it
    with handle:
        write_log(entries, Path(handle.name))
        record_export(wanted, count, actor=request.actor, now=clock.now())
        return FileResponse(
            Path(handle.name).open("rb"), as_attachment=True, filename=f"audit-{request.actor.scope}-{clock.today()}.xlsx"
        )
