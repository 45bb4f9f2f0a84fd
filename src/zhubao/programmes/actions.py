"""The only writers of what a county decides. Each action is one transaction with its audit entry in it."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.parameters import NATION, Parameter, check_bounds
from zhubao.parameters.local import check_overlaps
from zhubao.parameters.names import declared
from zhubao.policies import MODULES, judge_of
from zhubao.policies.judging import bounds

from .models import LocalFigure

DECIDING_ROLES = (Role.AGENCY_ADMINISTRATOR, Role.AGENCY_APPROVER, Role.HRSS_SUPERVISOR)


@transaction.atomic
def enter_figures(entries: Iterable[Parameter], *, actor: Actor, now: datetime) -> list[LocalFigure]:
    """Enter figures, all or none; one that stands already with the same value and dates is passed over (so a file may be sent twice).

    Raise E-PARAM-NARROWS for a figure that narrows what the text only lets relax, E-PARAM-OVERLAP for one whose days another
    standing figure already covers, OutOfScope for an area that is not the actor's.
    """
    actor.require_role(*DECIDING_ROLES)
    listed = list(entries)
    check_overlaps(listed)
    for policy_id in MODULES:
        check_bounds(listed, bounds(judge_of(policy_id).policy))
    written = []
    for entry in listed:
        actor.require_region(entry.area_code if entry.area_code != NATION else "")
        if not _standing(entry):
            written.append(_enter(entry, actor=actor, now=now))
    return written


@transaction.atomic
def withdraw_figure(figure_id: int, reason: str, *, actor: Actor, now: datetime) -> LocalFigure:
    """Withdraw a figure from now on, with a reason; decisions already made keep it. A second withdrawal changes nothing."""
    actor.require_role(*DECIDING_ROLES)
    figure = LocalFigure.objects.select_for_update().get(pk=figure_id)
    actor.require_region(figure.area_code if figure.area_code != NATION else "")
    if not reason.strip():
        raise ZhubaoError("E-REASON", Text("请写明撤销原因", "a reason is needed"), place=str(figure))
    if figure.withdrawn_at is None:
        figure.withdrawn_at, figure.withdrawn_because = now, reason.strip()
        figure.withdrawn_by_id = actor.user_id
        figure.save(update_fields=["withdrawn_at", "withdrawn_because", "withdrawn_by"])
        region = "" if figure.area_code == NATION else figure.area_code
        record(
            "figure.withdrawn",
            f"figure:{figure.pk}",
            actor=actor,
            now=now,
            region_code=region,
            before=_words(figure),
            reason=reason.strip(),
        )
    return figure


def _standing(entry: Parameter) -> bool:
    return LocalFigure.objects.standing().filter(**_columns(entry)).exists()


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


def _enter(entry: Parameter, *, actor: Actor, now: datetime) -> LocalFigure:
    known = declared(entry.name)
    figure = LocalFigure(**_columns(entry), several=bool(known and known.several), entered_at=now, entered_by_id=actor.user_id)
    try:
        with transaction.atomic():
            figure.save(force_insert=True)
    except IntegrityError as error:
        raise ZhubaoError(
            "E-PARAM-OVERLAP",
            Text(f"{entry.name} 在这段日期内已有数值", f"{entry.name} already has a value in this period"),
            place=entry.place or entry.area_code,
            remedy=Text("先撤销原值，或改起止日期", "withdraw the old one first, or change the dates"),
        ) from error
    region = "" if entry.area_code == NATION else entry.area_code
    record("figure.entered", f"figure:{figure.pk}", actor=actor, now=now, region_code=region, after=_words(figure))
    return figure


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
