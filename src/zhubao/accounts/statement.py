"""An account year by year and entry by entry, each with the balance it leaves."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from .models import Account, Entry, Kind, Source
from .models.account import TAKES


@dataclass(frozen=True)
class YearLine:
    """One source of an account in one year, fen; `left_fen` is 0 or less."""

    year: int
    source: str
    opening_fen: int
    came_fen: int
    interest_fen: int
    left_fen: int

    @property
    def closing_fen(self) -> int:
        """What the year ends with."""
        return self.opening_fen + self.came_fen + self.interest_fen + self.left_fen


@dataclass(frozen=True)
class PaidYear:
    """One year of an account by who paid, fen, whatever lot it went to; `left_fen` is 0 or less."""

    year: int
    own_fen: int
    loan_fen: int
    on_behalf_fen: int
    subsidy_fen: int
    brought_fen: int
    interest_fen: int
    left_fen: int
    closing_fen: int

    @property
    def contributed_fen(self) -> int:
        """What was contributed in the year, whoever paid it; a subsidy is none."""
        return self.own_fen + self.loan_fen + self.on_behalf_fen


@dataclass(frozen=True)
class RunningEntry:
    """An entry with what the entries listed so far come to, fen."""

    entry: Entry
    balance_fen: int

    @property
    def source_words(self) -> str:
        """Return its source in words, with the loan or the year it comes from."""
        return f"{Source(self.entry.lot.source).label} {self.entry.lot.origin}".strip()


def entries_of(account: Account) -> list[Entry]:
    """Return every entry of an account by day of effect."""
    return list(Entry.objects.filter(lot__account=account).select_related("lot", "batch").order_by("on", "pk"))


def running(entries: Sequence[Entry], *, year: int | None = None, source: str = "", kind: str = "") -> list[RunningEntry]:
    """Return the entries that a year, a source and a kind keep, each with the balance of the source (or of all) after it."""
    result, balance = [], 0
    for entry in entries:
        if source in {"", entry.lot.source}:
            balance += entry.amount_fen
            if year in {None, entry.on.year} and (not kind or kind == kind_group(entry.kind)):
                result.append(RunningEntry(entry, balance))
    return result


def kind_group(kind: str) -> str:
    """Return which column of a year an entry of this kind belongs to: came, interest or left."""
    if kind == Kind.INTEREST:
        return "interest"
    return "left" if kind in TAKES else "came"


def years_of(entries: Sequence[Entry]) -> list[YearLine]:
    """Return the years of an account by source, the newest first, from the first year to the last with an entry."""
    moved: Counter[tuple[int, str, str]] = Counter()
    for entry in entries:
        moved[entry.on.year, entry.lot.source, kind_group(entry.kind)] += entry.amount_fen
    if not entries:
        return []
    sources = [source for source in Source.values if any(entry.lot.source == source for entry in entries)]
    opening = Counter[str]()
    lines = []
    for year in range(entries[0].on.year, entries[-1].on.year + 1):
        for source in sources:
            parts = [moved[year, source, group] for group in ("came", "interest", "left")]
            if opening[source] or any(parts):
                lines.append(YearLine(year, source, opening[source], *parts))
                opening[source] += sum(parts)
    return sorted(lines, key=lambda line: (-line.year, sources.index(line.source)))


def totals(lines: Sequence[YearLine]) -> list[YearLine]:
    """Return each year's sources added up, the newest first."""
    by_year: dict[int, list[YearLine]] = {}
    for line in lines:
        by_year.setdefault(line.year, []).append(line)
    return [
        YearLine(
            year,
            "",
            sum(line.opening_fen for line in here),
            sum(line.came_fen for line in here),
            sum(line.interest_fen for line in here),
            sum(line.left_fen for line in here),
        )
        for year, here in by_year.items()
    ]


PAID_BY = {
    Source.OWN: "own",
    Source.LOAN: "loan",
    Source.ON_BEHALF: "on_behalf",
    Source.SPONSOR: "on_behalf",
    Source.SUBSIDY: "subsidy",
    Source.TRANSFER: "brought",
    Source.INTEREST: "brought",
}


def paid_years(lines: Sequence[YearLine]) -> list[PaidYear]:
    """Return each year by who paid, the newest first: own money, loans, on behalf or by sponsors, subsidies, brought in from elsewhere."""
    by_year: dict[int, list[YearLine]] = {}
    for line in lines:
        by_year.setdefault(line.year, []).append(line)
    result = []
    for year, here in by_year.items():
        came = Counter[str]()
        for line in here:
            came[PAID_BY[Source(line.source)]] += line.came_fen
        result.append(
            PaidYear(
                year,
                came["own"],
                came["loan"],
                came["on_behalf"],
                came["subsidy"],
                came["brought"],
                sum(line.interest_fen for line in here),
                sum(line.left_fen for line in here),
                sum(line.closing_fen for line in here),
            )
        )
    return result
