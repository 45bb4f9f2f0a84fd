"""The dated table of contribution subsidies: entering and withdrawing its rows, and what it says of a contribution."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.roles import Role
from zhubao.accounts.models import Payer, SubsidyRate
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.parameters.book import area_chain
from zhubao.policies.claims import implements
from zhubao.programmes.checks import region_of
from zhubao.programmes.selectors import area_of_region

DECIDING_ROLES = (Role.AGENCY_ADMINISTRATOR, Role.AGENCY_APPROVER, Role.HRSS_SUPERVISOR)


class Subsidy(NamedTuple):
    """What is added to a contribution, fen, by payer."""

    superior: int
    local: int

    @property
    def fen(self) -> int:
        """Both together."""
        return self.superior + self.local


@dataclass(frozen=True)
class SubsidyTable:
    """The rows that speak for a county: of each payer those of the nearest area that has any on the day."""

    rows: tuple[SubsidyRate, ...]
    areas: tuple[str, ...]

    def subsidy(self, contributed_fen: int, on: date) -> Subsidy:
        """Return what a year's contributions of so much get, by the rows in force on a day; nothing below the lowest tier.

        Whose money the contributions are makes no difference (A-TL-8).
        """
        return Subsidy(*(self._of(payer, contributed_fen, on) for payer in (Payer.SUPERIOR, Payer.LOCAL)))

    def _of(self, payer: str, contributed_fen: int, on: date) -> int:
        for area in self.areas:
            here = [
                row
                for row in self.rows
                if (row.area_code, row.payer) == (area, payer) and row.effective_from <= on <= (row.effective_to or date.max)
            ]
            if here:
                reached = [row for row in here if row.from_tier_fen <= contributed_fen]
                return max(reached, key=lambda row: row.from_tier_fen).amount_fen if reached else 0
        return 0


def table_of(region_code: str) -> SubsidyTable:
    """Return the table that speaks for a county."""
    areas = area_chain(area_of_region(region_code))
    return SubsidyTable(tuple(SubsidyRate.objects.standing().filter(area_code__in=areas)), areas)


@implements("gz-8a", "gz-8b", as_="action")
@transaction.atomic
def enter_rate(
    area_code: str,
    payer: str,
    from_tier_fen: int,
    amount_fen: int,
    *,
    effective_from: date,
    effective_to: date | None = None,
    source: str,
    actor: Actor,
    now: datetime,
) -> SubsidyRate:
    """Enter what a payer adds from a tier upwards, fen a year, with the document it rests on; the same row twice changes nothing.

    A place raises the subsidy with its own money by a row of payer "local". Raise OutOfScope, E-SUBSIDY-DOCUMENT, E-SUBSIDY for amounts
    that cannot be or days out of order, E-SUBSIDY-OVERLAP where another row holds on one of the days.
    """
    actor.require_role(*DECIDING_ROLES)
    actor.require_region(region_of(area_code))
    place = f"{area_code} {payer} {from_tier_fen}"
    if not source.strip():
        raise ZhubaoError("E-SUBSIDY-DOCUMENT", Text("补贴标准没有文件依据", "a subsidy needs its document"), place=place)
    in_order = effective_to is None or effective_from <= effective_to
    if payer not in Payer.values or from_tier_fen <= 0 or amount_fen < 0 or not in_order:
        raise ZhubaoError("E-SUBSIDY", Text("出资方、金额或日期不对", "payer, amount or days cannot be"), place=place)
    content = {
        "area_code": area_code,
        "payer": payer,
        "from_tier_fen": from_tier_fen,
        "amount_fen": amount_fen,
        "effective_from": effective_from,
        "effective_to": effective_to,
        "source": source.strip()[:300],
    }
    standing = SubsidyRate.objects.standing().filter(**content).first()
    if standing is not None:
        return standing
    try:
        with transaction.atomic():
            row = SubsidyRate.objects.create(**content, entered_at=now, entered_by_id=actor.user_id)
    except IntegrityError as error:
        if "subsidy_rate_one_a_day" not in str(error):
            raise
        raise ZhubaoError(
            "E-SUBSIDY-OVERLAP",
            Text("该档次在这段时间已有标准", "this tier has a subsidy on one of these days"),
            place=place,
            remedy=Text("先撤销旧标准，或改生效日期", "withdraw the old row first, or change the days"),
        ) from error
    after = {name: str(value) for name, value in content.items()}
    record("subsidy_rate.entered", str(row), actor=actor, now=now, region_code=region_of(area_code), after=after)
    return row


@transaction.atomic
def withdraw_rate(rate_id: int, reason: str, *, actor: Actor, now: datetime) -> SubsidyRate:
    """Withdraw a row of the table, with a reason; what was credited by it stays. A second withdrawal changes nothing."""
    actor.require_role(*DECIDING_ROLES)
    row = SubsidyRate.objects.select_for_update().get(pk=rate_id)
    actor.require_region(region_of(row.area_code))
    said = reason.strip()
    if not 0 < len(said) <= 300:
        problem = Text("请写明撤销原因，不超过 300 字", "a reason is needed, at most 300 characters")
        raise ZhubaoError("E-REASON", problem, place=str(row))
    if row.withdrawn_at is None:
        row.withdrawn_at, row.withdrawn_because = now, said
        row.save(update_fields=["withdrawn_at", "withdrawn_because"])
        region = region_of(row.area_code)
        record("subsidy_rate.withdrawn", str(row), actor=actor, now=now, region_code=region, reason=said)
    return row


def rows_for(region_code: str) -> Iterable[SubsidyRate]:
    """Return the standing rows of a county and the areas above it, the county's own first."""
    areas = area_chain(area_of_region(region_code))
    rows = SubsidyRate.objects.standing().filter(area_code__in=areas)
    return sorted(
        rows, key=lambda row: (areas.index(row.area_code), row.payer, -row.effective_from.toordinal(), row.from_tier_fen)
    )
