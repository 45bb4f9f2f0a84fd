"""One version of a list: counts, what changed by person, rows that cannot be used; certifying it, confirming a loss, taking it back."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.actors import OutOfScope
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.identity import mask_name
from zhubao.procedures.jobs import enter_version_soon
from zhubao.rosters.lists import LOOKING_ROLES, groups_of, version_for
from zhubao.rosters.looking import keeps, note_names
from zhubao.rosters.models import ChangeKind, Enrolment, RosterChange, RosterVersion, VersionState
from zhubao.rosters.versions import HAND_IN_ROLES, certify_version, confirm_loss, loses_too_many, withdraw_version
from zhubao.web.clerk.finding import found
from zhubao.web.clerk.words import explained, language
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .words import TONES, category_said, fields_said, list_said
from .workbook import send_table

PAGE: Final = 50
CONFIRMING: Final = (Role.CERTIFIER, Role.HRSS_SUPERVISOR)


@never_cache
@require_GET
@for_posts(*LOOKING_ROLES)
def one(request: PostRequest, version_id: int) -> HttpResponseBase:
    """Show a version; the changes are narrowed by kind, a page at a time."""
    return _one(request, found(version_for, request.actor, version_id))


def _one(request: PostRequest, version: RosterVersion, fault: str = "", status: int = 200) -> HttpResponseBase:
    kind = request.GET.get("kind", "")
    changes = version.changes.select_related("row", "before").order_by("kind", "pk")
    kinds = [(str(each), ChangeKind(each).label, getattr(version, f"{_COUNT_OF[each]}_count")) for each in _COUNT_OF]
    if kind in ChangeKind.values:
        changes = changes.filter(kind=kind)
    page = Paginator(changes, PAGE).get_page(request.GET.get("page"))
    own = keeps(version.roster, request.actor)
    language_is_zh = language() == "zh"
    rejected = version.rejected_rows.all()[:PAGE]
    _noted(request, version, len(page) + len(rejected))
    context = {
        "version": version,
        "list": list_said(version.roster),
        "tone": TONES[version.state],
        "fault_of_file": (version.fault if language_is_zh else version.fault_en).partition(": ")[2],
        "fault": fault,
        "kinds": [each for each in kinds if each[2]],
        "kind": kind,
        "page": page,
        "rows": [_row(change, version, in_full=own) for change in page],
        "rejected": [
            (
                each,
                each.name if own else mask_name(each.name),
                each.reason if language_is_zh else each.reason_en,
                each.remedy if language_is_zh else each.remedy_en,
            )
            for each in rejected
        ],
        "groups": [(Enrolment(group).label, count) for group, count in groups_of(version).items()] if version.matched_at else [],
        "open_differences": version.differences.open().count(),
        "loses": version.state == VersionState.DRAFT and loses_too_many(version),
        "may_certify": own and request.actor.role in HAND_IN_ROLES and version.state == VersionState.DRAFT,
        "may_withdraw": own and request.actor.role in HAND_IN_ROLES and version.open,
        "may_confirm": version.state == VersionState.ASKING
        and request.actor.role in CONFIRMING
        and request.actor.user_id != version.certified_by_id,
        "entering": version.state == VersionState.CERTIFIED and version.entered_at is None,
        "statement": request.POST.get("statement", _("Checked against our own records; the list is complete.")),
        "given": request.POST,
    }
    return render(request, "department/version.html", context, status=status)


_COUNT_OF: Final = {
    ChangeKind.ENTERED: "entered",
    ChangeKind.RETURNED: "returned",
    ChangeKind.MOVED_IN: "moved",
    ChangeKind.LEFT: "left",
    ChangeKind.CHANGED: "changed",
    ChangeKind.HELD: "held",
}


def _noted(request: PostRequest, version: RosterVersion, count: int) -> None:
    """Keep that the office whose list it is read its people's names in full; nobody else does."""
    if keeps(version.roster, request.actor):
        note_names(version.subject, count, region_code=version.region_code, actor=request.actor, now=clock.now())


def _row(change: RosterChange, version: RosterVersion, *, in_full: bool) -> dict[str, Any]:
    row = change.row or change.before
    assert row is not None
    other = category_said(change.other_category, version.region_code) if change.other_category else ""
    name = row.name if in_full else mask_name(row.name)
    return {"change": change, "row": row, "name": name, "what": other or fields_said(change.fields)}


@require_POST
@for_posts(*HAND_IN_ROLES)
def certify(request: PostRequest, version_id: int) -> HttpResponseBase:
    """Answer for a version."""
    statement, reason = request.POST.get("statement", ""), request.POST.get("loss_reason", "")
    return _act(
        request,
        version_id,
        lambda key: certify_version(key, statement, loss_reason=reason, actor=request.actor, now=clock.now()),
    )


@require_POST
@for_posts(*CONFIRMING)
def confirm(request: PostRequest, version_id: int) -> HttpResponseBase:
    """Confirm a loss as a second person."""
    return _act(request, version_id, lambda key: confirm_loss(key, actor=request.actor, now=clock.now()))


@require_POST
@for_posts(*HAND_IN_ROLES)
def withdraw(request: PostRequest, version_id: int) -> HttpResponseBase:
    """Take a version back."""
    reason = request.POST.get("reason", "")
    return _act(request, version_id, lambda key: withdraw_version(key, reason, actor=request.actor, now=clock.now()))


def _act(request: PostRequest, version_id: int, act: Callable[[int], RosterVersion]) -> HttpResponseBase:
    version = found(version_for, request.actor, version_id)
    try:
        done = act(version.pk)
    except OutOfScope:
        raise
    except ZhubaoError as error:
        return _one(request, version, explained(error), status=422)
    if done.state == VersionState.CERTIFIED:
        if done.entered_at is None:
            enter_version_soon(done.pk)
        messages.success(request, _("The list is certified. Its people are being entered and matched."))
    elif done.state == VersionState.ASKING:
        messages.info(request, _("Your statement is kept. A second person has to confirm before anybody loses help."))
    else:
        messages.success(request, _("The version was taken back. Nothing of it counts."))
    return redirect("department:version", done.pk)


@never_cache
@require_GET
@for_posts(*LOOKING_ROLES)
def changes_workbook(request: PostRequest, version_id: int) -> HttpResponseBase:
    """Give everybody who entered, left or changed as a workbook, the names in full to the office whose list it is."""
    version = found(version_for, request.actor, version_id)
    _noted(request, version, version.changes.count())
    columns = [
        (_("Kind of change"), 16),
        (_("Name"), 12),
        (_("Citizen number"), 22),
        (_("Township"), 16),
        (_("Village"), 16),
        (_("What"), 24),
    ]
    rows = (
        (change.get_kind_display(), name, row.number_masked, row.township, row.village, what)
        for change, row, name, what in _listed(version, in_full=keeps(version.roster, request.actor))
    )
    return send_table(f"changes-{version.listed_on}-{version.number}", _("Changes"), columns, rows)


def _listed(version: RosterVersion, *, in_full: bool) -> Any:
    for change in version.changes.select_related("row", "before").order_by("kind", "pk").iterator(chunk_size=2000):
        shown = _row(change, version, in_full=in_full)
        yield change, shown["row"], shown["name"], shown["what"]


@never_cache
@require_GET
@for_posts(*LOOKING_ROLES)
def rejected_workbook(request: PostRequest, version_id: int) -> HttpResponseBase:
    """Give the rows that cannot be used, each with its cell and what to do."""
    version = found(version_for, request.actor, version_id)
    own = keeps(version.roster, request.actor)
    _noted(request, version, version.rejected_rows.count())
    zh = language() == "zh"
    columns = [
        (_("Sheet"), 16),
        (_("Cell"), 8),
        (_("Column"), 16),
        (_("Name"), 12),
        (_("Content"), 24),
        (_("Reason"), 40),
        (_("Remedy"), 40),
    ]
    rows = (
        (
            each.sheet,
            each.cell,
            each.column,
            each.name if own else mask_name(each.name),
            each.content,
            each.reason if zh else each.reason_en,
            each.remedy if zh else each.remedy_en,
        )
        for each in version.rejected_rows.all()
    )
    return send_table(f"rejected-{version.listed_on}-{version.number}", _("Rejected rows"), columns, rows)
