"""What a budget assumes beside the loans on record; every figure may be changed to see what it would cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.lending.money import MILLION

MOST_YEARS = 10
MOST_SHIFT_PPM = 100_000
MOST_NEW = 1_000_000
MOST_MONTHS = 180
MOST_YEARLY_FEN = 10_000_000


@dataclass(frozen=True, slots=True)
class NewLoans:
    """`number` new loans every year from `from_year` on, each `months` before its pension, drawing `yearly_fen` a year.

    They begin on 1 July; `certified_ppm` of them have the hardship status.
    """

    policy_id: str
    number: int
    months: int
    yearly_fen: int
    from_year: int
    certified_ppm: int = MILLION


@dataclass(frozen=True, slots=True)
class Assumptions:
    """The settings of a budget. Shares are ppm, money fen; None is "not assumed", which counts as nothing and is said so.

    `years`: calendar years after the running one. `growth_ppm`: yearly rise of contribution tiers not published yet. `rate_shift_ppm`:
    published rates above or below what they are, from the day after; `rate_path` puts (day, ppm) in their place instead. `losing_ppm`,
    `regaining_ppm`: share of the certified and of the others whose status changes every 1 January. `deaths_ppm`: deaths a year;
    `account_share_ppm`: what a personal account covers of all that was drawn. `superior_share_ppm`: part of the interest and
    contribution subsidy that a higher level of finance bears. `subsidy_fen`: contribution subsidy of a draw where none was paid before.
    """

    years: int = 5
    growth_ppm: int = 0
    rate_shift_ppm: int = 0
    rate_path: Sequence[tuple[date, int]] = ()
    losing_ppm: int = 0
    regaining_ppm: int = 0
    deaths_ppm: int | None = None
    account_share_ppm: int = 0
    superior_share_ppm: int = 0
    subsidy_fen: int | None = None
    new_loans: NewLoans | None = None

    def __post_init__(self) -> None:
        """Refuse what means nothing: E-BUDGET naming the setting."""
        bounds = {
            "years": (self.years, 1, MOST_YEARS),
            "growth_ppm": (self.growth_ppm, -MILLION // 2, MILLION // 2),
            "rate_shift_ppm": (self.rate_shift_ppm, -MOST_SHIFT_PPM, MOST_SHIFT_PPM),
            "deaths_ppm": (self.deaths_ppm or 0, 0, MILLION),
            "subsidy_fen": (self.subsidy_fen or 0, 0, MOST_YEARLY_FEN),
        }
        for name in ("losing_ppm", "regaining_ppm", "account_share_ppm", "superior_share_ppm"):
            bounds[name] = (getattr(self, name), 0, MILLION)
        for day, ppm in self.rate_path:
            bounds[f"rate_path {day}"] = (ppm, 1, 2 * MOST_SHIFT_PPM)
        if self.new_loans is not None:
            bounds["new_loans.number"] = (self.new_loans.number, 1, MOST_NEW)
            bounds["new_loans.months"] = (self.new_loans.months, 1, MOST_MONTHS)
            bounds["new_loans.yearly_fen"] = (self.new_loans.yearly_fen, 1, MOST_YEARLY_FEN)
            bounds["new_loans.certified_ppm"] = (self.new_loans.certified_ppm, 0, MILLION)
        for name, (value, least, most) in bounds.items():
            if not least <= value <= most:
                raise ZhubaoError(
                    "E-BUDGET",
                    Text(f"应在 {least} 至 {most} 之间", f"must lie between {least} and {most}"),
                    place=f"{name} {value}",
                )
        days = [day for day, _ppm in self.rate_path]
        if days != sorted(set(days)):
            raise ZhubaoError("E-BUDGET", Text("利率按日期先后各填一次", "give each day once, in order"), place="rate_path")

    def certified_shares(self, years: int) -> list[tuple[int, int]]:
        """Return, for the running year and `years` more, the share of those certified now and of the others who hold the status."""
        shares = [(MILLION, 0)]
        for _year in range(years):
            kept, gained = shares[-1]
            shares.append(tuple(self._next(share) for share in (kept, gained)))  # type: ignore[arg-type]
        return shares

    def _next(self, share: int) -> int:
        stays, comes = share * (MILLION - self.losing_ppm), (MILLION - share) * self.regaining_ppm
        return (stays + comes + MILLION // 2) // MILLION
