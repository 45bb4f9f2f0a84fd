"""How much may be drawn: months to be paid at the tier of their year, within what was agreed and what a renewal granted."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet, Sum

from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.parameters import Parameter, ParameterBook
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region

from .draws import OPEN_TRANCHE, PAID_OUT
from .models import Loan, Permit, Tranche
from .states import ways_of

MONTHLY_TIER, YEARLY_TIERS = "lowest_tier_monthly_fen", "tier_yearly_fen"


@dataclass(frozen=True)
class Part:
    """So many months of a year at `monthly_fen` a month, and where that figure comes from."""

    year: int
    months: int
    monthly_fen: int
    source: str

    @property
    def fen(self) -> int:
        """The contribution of these months."""
        return self.months * self.monthly_fen


@implements("jx-annex-4b", "jx-2.3c", as_="action")
def parts_of(loan: Loan, year: int, month_from: int, months: int, book: ParameterBook) -> list[Part]:
    """Return the contribution of months of a year at the lowest tier of each month (a tier may change within the year).

    Raise E-DRAW-MONTHS for months outside the year or in the pension, E-DRAW-BASE while the year's tier is not published.
    """
    last = month_from + months - 1
    if months < 1 or month_from < 1 or last > 12 or date(year, last, 1) >= loan.pension_month:
        raise ZhubaoError(
            "E-DRAW-MONTHS",
            Text("缴费月份应在当年之内、领取养老金之前", "the months lie within the year and before the pension"),
            place=f"{loan.number} {year}",
        )
    found: dict[tuple[int, str], int] = {}
    for month in range(month_from, last + 1):
        tier = _tier(loan, MONTHLY_TIER, date(year, month, 1), book)
        found[tier.number(), tier.source] = found.get((tier.number(), tier.source), 0) + 1
    return [Part(year, count, fen, source) for (fen, source), count in found.items()]


def parts_of_gaps(loan: Loan, gaps: dict[int, int], book: ParameterBook) -> list[Part]:
    """Return the contribution of gap months, year → months, each at its own year's lowest tier (A-JX-14)."""
    parts = []
    for year, months in sorted(gaps.items()):
        if not 1 <= months <= 12:
            raise ZhubaoError(
                "E-DRAW-MONTHS", Text("每年补缴 1 至 12 个月", "1 to 12 months a year"), place=f"{loan.number} {year}"
            )
        tier = _tier(loan, MONTHLY_TIER, date(year, 12, 31), book)
        parts.append(Part(year, months, tier.number(), tier.source))
    return parts


def highest_tier(loan: Loan, year: int, book: ParameterBook) -> int:
    """Return the highest yearly tier of the residents' scheme, fen: a contribution is never above it (A-TL-4)."""
    tiers = book.all(YEARLY_TIERS, date(year, 12, 31), area_of_region(loan.region_code))
    if not tiers:
        raise _unpublished(loan, year)
    return tiers[-1].number()


def cap_of(loan: Loan, year: int, contribution_fen: int, *, beside: Tranche | None = None) -> int:
    """Return the most a draw may be: the contribution, what was agreed for a year and in all, what a renewal granted; at least 0.

    `beside`: a draw whose own amount does not count. Raise E-DRAW-PERMIT for a further Rugao year without a renewal (rg-19d).
    """
    caps = [contribution_fen]
    others = loan.tranches.filter(state__in=(*OPEN_TRANCHE, *PAID_OUT))
    if beside is not None:
        others = others.exclude(pk=beside.pk)
    if loan.principal_cap_fen is not None:
        caps.append(loan.principal_cap_fen - _sum(others))
    if loan.yearly_cap_fen is not None:
        caps.append(
            loan.yearly_cap_fen - (_sum(others.filter(year=year)) if ways_of(loan.policy_id).counted_by == "contract" else 0)
        )
    if ways_of(loan.policy_id).renewed:
        permit = permit_for(loan, year)
        if permit is not None:
            caps.append(permit.amount_fen)
    return max(0, min(caps))


def permit_for(loan: Loan, year: int) -> Permit | None:
    """Return the renewal a Rugao draw of a year rests on, None for the loan's first; E-DRAW-PERMIT where it is missing."""
    drawn_before = loan.tranches.filter(state__in=PAID_OUT).exclude(year=year).exists()
    permit = loan.permits.filter(year=year).first()
    if permit is None and drawn_before:
        raise ZhubaoError(
            "E-DRAW-PERMIT",
            Text(f"{year} 年没有同意续贷", f"no renewal was granted for {year}"),
            place=loan.number,
            remedy=Text("先办续贷（附件2）", "the borrower applies for renewal first"),
        )
    return permit


def _sum(rows: QuerySet[Tranche]) -> int:
    return int(rows.aggregate(fen=Sum("amount_fen"))["fen"] or 0)


def _tier(loan: Loan, name: str, on: date, book: ParameterBook) -> Parameter:
    entry = book.find(name, on, area_of_region(loan.region_code))
    if entry is None:
        raise _unpublished(loan, on.year)
    return entry


def _unpublished(loan: Loan, year: int) -> ZhubaoError:
    return ZhubaoError(
        "E-DRAW-BASE",
        Text(f"{year} 年缴费档次还没有公布", f"the tiers of {year} are not published yet"),
        place=loan.number,
        remedy=Text("公布后录入，再核定金额", "enter them once published, then fix the amount"),
    )
