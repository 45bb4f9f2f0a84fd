"""The work queue of a post: what is to be done, since when, by when."""

from typing import Any, Final

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.cases.actions.looking import record_list
from zhubao.cases.states import PROCESSES
from zhubao.errors import ZhubaoError
from zhubao.policies import judge_of
from zhubao.tasks.kinds import title_of
from zhubao.tasks.models import Task
from zhubao.tasks.queues import KindCount, Queue, counts_by_kind, queue_of
from zhubao.web.clerk.words import said
from zhubao.web.middleware import PostRequest
from zhubao.web.paging import LongPaginator
from zhubao.web.posts import for_posts
from zhubao.web.templatetags.zhubao import tag

from .due import cell_of
from .finding import QUEUE_ROLES
from .sheets import MOST_ROWS, sent
from .subjects import Named, named
from .tabs import tabs

LISTED: Final = 25
# The second part of a task's kind, "case.jiangxi.decide", names the programme.
PROGRAMMES: Final = {policy_id.split("-", maxsplit=1)[0]: policy_id for policy_id in PROCESSES}


def programme_of(kind: str) -> str:
    """Return the short name of the programme a kind of task belongs to; "" for none."""
    parts = kind.split(".")
    return parts[1] if len(parts) > 2 and parts[1] in PROGRAMMES else ""


def title_said(kind: str) -> str:
    """Return what is to be done, in the page's language; the bare kind where the part that declared it is gone."""
    try:
        return said(title_of(kind))
    except ZhubaoError:
        return kind


def rows_of(tasks: list[Task]) -> list[dict[str, Any]]:
    """Return what the table shows of tasks read with `counted`, with one query for every prefix of a subject."""
    today = clock.today()
    known = named(task.subject for task in tasks)
    cells = [cell_of(task, today) for task in tasks]
    return [
        {
            "task": task,
            "subject": known.get(task.subject),
            "title": title_said(task.kind),
            "due": cell.due,
            "due_cell": cell.drawn,
        }
        for task, cell in zip(tasks, cells, strict=True)
    ]


def drawn(rows: list[dict[str, Any]]) -> SafeString:
    """Write the rows of the queue. Not in the template, which took longer over them than the rest of the page."""
    trial = tag(_("trial"), "wait")
    written = []
    for row in rows:
        subject: Named | None = row["subject"]
        late = mark_safe(' class="late"') if row["due"] and row["due"].late else ""
        since = f"{timezone.localtime(row['task'].opened_at):%Y-%m-%d}"
        if subject is None:
            written.append(format_html(_ROW, late, row["task"].subject, "", row["title"], row["due_cell"], since, ""))
            continue
        number = format_html('<a href="{}">{}</a>', subject.address, subject.number)
        programme = format_html("{} {}", said(subject.programme), trial) if subject.trial else said(subject.programme)
        written.append(format_html(_ROW, late, number, subject.person, row["title"], row["due_cell"], since, programme))
    return mark_safe("\n".join(written))


_ROW: Final = '<tr{}><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td class="day">{}</td><td>{}</td></tr>'


def _wanted(request: PostRequest, counts: list[KindCount]) -> tuple[Queue, dict[str, str]]:
    """Return the tasks the address asks for, and the filter; a word that is no programme or kind is passed over."""
    programme = request.GET.get("programme", "")
    kind = request.GET.get("kind", "")
    programme = programme if programme in PROGRAMMES else ""
    shown = [each for each in counts if not programme or programme_of(each.kind) == programme]
    kind = kind if any(each.kind == kind for each in shown) else ""
    late = request.GET.get("late") == "1"
    asked = [each for each in shown if not kind or each.kind == kind]
    queue = queue_of(
        request.actor,
        sum(each.late if late else each.waiting for each in asked),
        kinds=[each.kind for each in asked] if kind or programme else None,
        late_on=clock.today() if late else None,
    )
    return queue, {"programme": programme, "kind": kind, "late": "1" if late else ""}


@require_GET
@for_posts(*QUEUE_ROLES)
def listing(request: PostRequest) -> HttpResponseBase:
    """Show what waits for the post, those due first at the top."""
    counts = counts_by_kind(request.actor, clock.today())
    queue, wanted = _wanted(request, counts)
    page = LongPaginator(queue, LISTED).get_page(request.GET.get("page"))
    shown = [each for each in counts if not wanted["programme"] or programme_of(each.kind) == wanted["programme"]]
    context = {
        **tabs(request.actor),
        "page": page,
        "rows": drawn(rows_of(list(page))),
        "waiting": sum(each.waiting for each in counts),
        "late": sum(each.late for each in counts),
        "kinds": [(each, title_said(each.kind)) for each in shown],
        "programmes": [
            (short, said(judge_of(policy_id).policy.title))
            for short, policy_id in PROGRAMMES.items()
            if any(programme_of(each.kind) == short for each in counts)
        ],
        "wanted": wanted,
        "narrowed": any(wanted.values()),
    }
    return render(request, "cases/queue.html", context)


@require_GET
@for_posts(*QUEUE_ROLES)
def export(request: PostRequest) -> HttpResponseBase:
    """Give the queue as a workbook."""
    queue, wanted = _wanted(request, counts_by_kind(request.actor, clock.today()))
    listed = queue[:MOST_ROWS]
    record_list("queue", len(listed), wanted, actor=request.actor, now=clock.now())
    titles = [
        (_("Number"), 24),
        (_("Name"), 12),
        (_("Programme"), 30),
        (_("To do"), 20),
        (_("Since"), 12),
        (_("Due"), 12),
        ("", 18),
    ]
    return sent("queue", _("To do"), titles, (cells(row) for row in rows_of(listed)))


def cells(row: dict[str, Any]) -> list[str]:
    """Return the cells of a task in a workbook."""
    task, subject, due = row["task"], row["subject"], row["due"]
    return [
        subject.number if subject else task.subject,
        subject.person if subject else "",
        said(subject.programme) if subject else "",
        row["title"],
        f"{timezone.localtime(task.opened_at):%Y-%m-%d}",
        due.on.isoformat() if due and due.on else "",
        due.words if due else "",
    ]
