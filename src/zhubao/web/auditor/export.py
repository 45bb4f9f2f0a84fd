"""The audit log as a workbook."""

from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from zhubao.access.models import AuditEntry
from zhubao.web.doers import doer_said

from .actions import action_said
from .words import changes, subject_said

CHUNK = 2000


def write_log(entries: QuerySet[AuditEntry], path: Path) -> None:
    """Write the entries to an xlsx file, one a row, in the page's language; every cell is text, so that none is a formula."""
    import xlsxwriter

    titles: list[tuple[str, int]] = [
        (_("Time"), 20), (_("Region"), 14), (_("Number in the chain"), 12), (_("Who"), 14), (_("User name"), 18), (_("Post"), 30),
        (_("Action"), 22), (_("Action code"), 22), (_("Subject"), 26), (_("Before"), 40), (_("After"), 40), (_("Reason"), 30),
        (_("Seal"), 66),
    ]  # fmt: skip
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_("Audit log"))
    bold = book.add_format({"bold": True})
    for column, (title, width) in enumerate(titles):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, bold)
    sheet.freeze_panes(1, 0)
    for number, entry in enumerate(entries.iterator(chunk_size=CHUNK), start=1):
        for column, cell in enumerate(_row(entry)):
            sheet.write_string(number, column, str(cell))
    book.close()


def _row(entry: AuditEntry) -> list[Any]:
    lines = changes(entry)
    return [
        timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M:%S"),
        entry.region_code,
        entry.number,
        entry.actor_name if entry.user_id else doer_said(entry.actor_name),
        entry.user.username if entry.user else "",
        entry.post or "",
        action_said(entry.action),
        entry.action,
        subject_said(entry.subject),
        "\n".join(f"{line.label}: {line.before}" for line in lines if line.before),
        "\n".join(f"{line.label}: {line.after}" for line in lines if line.after),
        entry.reason,
        entry.seal,
    ]
