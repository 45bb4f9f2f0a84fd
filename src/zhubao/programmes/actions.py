"""The only writers of what a county decides. Each action is one transaction with its audit entry in it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from zhubao.access.actors import Actor
from zhubao.access.audit import Act, record, record_all
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.parameters import Parameter
from zhubao.parameters.names import declared
from zhubao.policies.claims import implements

from .checks import faults_of, overlap_fault, overlapping, region_of, same, standing_rows
from .models import LocalFigure, PolicyVersion

DECIDING_ROLES = (Role.AGENCY_ADMINISTRATOR, Role.AGENCY_APPROVER, Role.HRSS_SUPERVISOR)


@implements("jx-1.2g", "jx-1.3a", "jx-2.3d", as_="action")
@transaction.atomic
def enter_figures(
    entries: Iterable[Parameter], *, actor: Actor, now: datetime, following: bool = False, version: PolicyVersion | None = None
) -> list[LocalFigure]:
    """Enter figures, all or none; one that stands already with the same value and dates is passed over (so a file may be sent twice).

    `following` ends the figure that holds when a new one begins on the day before: it is withdrawn and entered again with that
    end, so that decisions already made keep what they were judged with. `version` is the later text the figures come with. Raise the
    first fault of `faults_of`.
    """
    actor.require_role(*DECIDING_ROLES)
    listed = [replace(entry, supersedes=version is not None) for entry in entries]
    if following:
        for entry in listed:
            _end_before(entry, actor=actor, now=now)
    for fault in faults_of(listed, actor=actor):
        raise fault
    standing = standing_rows(listed)
    new = [entry for entry in listed if not any(same(entry, row) for row in standing)]
    return _enter(new, version, actor=actor, now=now)


@transaction.atomic
def withdraw_figure(figure_id: int, reason: str, *, actor: Actor, now: datetime) -> LocalFigure:
    """Withdraw a figure from now on, with a reason; decisions already made keep it. A second withdrawal changes nothing.

    Raise DoesNotExist, OutOfScope for a figure of another area, E-REASON without a reason of at most 300 characters.
    """
    actor.require_role(*DECIDING_ROLES)
    figure = LocalFigure.objects.select_for_update().get(pk=figure_id)
    actor.require_region(region_of(figure.area_code))
    said = reason.strip()
    if not 0 < len(said) <= 300:
        problem = Text("请写明撤销原因，不超过 300 字", "a reason is needed, at most 300 characters")
        raise ZhubaoError("E-REASON", problem, place=str(figure))
    if figure.withdrawn_at is None:
        _withdraw(figure, said, actor=actor, now=now)
    return figure


def _withdraw(figure: LocalFigure, reason: str, *, actor: Actor, now: datetime) -> None:
    figure.withdrawn_at, figure.withdrawn_because = now, reason
    figure.withdrawn_by_id = actor.user_id
    figure.save(update_fields=["withdrawn_at", "withdrawn_because", "withdrawn_by"])
    region = region_of(figure.area_code)
    before = _words(figure)
    record("figure.withdrawn", figure.place, actor=actor, now=now, region_code=region, before=before, reason=reason)


def _end_before(entry: Parameter, *, actor: Actor, now: datetime) -> None:
    """End the standing figures that `entry` follows on the day before it begins; one that begins later is left to clash."""
    for row in standing_rows([entry]):
        begins_before = row.effective_from is None or row.effective_from < entry.effective_from
        if same(entry, row) or row.several or not begins_before or not overlapping(entry, row):
            continue
        actor.require_region(region_of(row.area_code))
        _withdraw(row, f"自 {entry.effective_from} 起由新值接续", actor=actor, now=now)
        columns = {**_columns(row.as_parameter()), "effective_to": entry.effective_from - timedelta(days=1)}
        _save([LocalFigure(**columns, several=row.several, version=row.version)], actor=actor, now=now)


def _columns(entry: Parameter) -> dict[str, object]:
    return {
        "area_code": entry.area_code,
        "name": entry.name,
        "value": str(entry.value),
        "unit": entry.unit,
        "effective_from": None if entry.effective_from == date.min else entry.effective_from,
        "effective_to": entry.effective_to,
        "source": entry.source,
        "decided_by": entry.decided_by,
    }


def _enter(entries: list[Parameter], version: PolicyVersion | None, *, actor: Actor, now: datetime) -> list[LocalFigure]:
    known = {entry.name: declared(entry.name) for entry in entries}
    figures = [
        LocalFigure(**_columns(entry), several=bool((name := known[entry.name]) and name.several), version=version)
        for entry in entries
    ]
    try:
        with transaction.atomic():
            return _save(figures, actor=actor, now=now)
    except IntegrityError as error:
        # Somebody else entered one between the check and this line; anything but that is a fault of ours.
        if "local_figure_one_value_a_day" not in str(error):
            raise
        clashes = (
            (entry, row) for row in standing_rows(entries) for entry in entries if not row.several and overlapping(entry, row)
        )
        raise overlap_fault(*next(clashes, (entries[0], None))) from error


def _save(figures: list[LocalFigure], *, actor: Actor, now: datetime) -> list[LocalFigure]:
    for figure in figures:
        figure.entered_at, figure.entered_by_id = now, actor.user_id
    LocalFigure.objects.bulk_create(figures)
    acts = (Act("figure.entered", each.place, region_of(each.area_code), after=_words(each)) for each in figures)
    record_all(acts, actor=actor, now=now)
    return figures


def _words(figure: LocalFigure) -> dict[str, str]:
    """Return what the audit keeps of a figure."""
    return {
        "area_code": figure.area_code,
        "name": figure.name,
        "value": figure.value,
        "from": str(figure.effective_from or ""),
        "to": str(figure.effective_to or ""),
        "source": figure.source,
        "decided_by": figure.decided_by,
    }
