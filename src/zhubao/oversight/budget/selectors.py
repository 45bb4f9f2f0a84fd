"""What is read of budgets: tables, places, the difference to another budget, what was posted since, the loans behind a line."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db import connection
from django.db.models import QuerySet, Sum

from zhubao.access.actors import Actor
from zhubao.access.models import Region
from zhubao.access.roles import AGENCY_ROLES, Role
from zhubao.ledger.models import Posting
from zhubao.loans.books import SOURCE
from zhubao.loans.models import Loan
from zhubao.programmes.selectors import parameter_book

from .actions import assumptions_of, live_loans, month_end_before
from .models import BudgetLine, BudgetRun
from .reckoning import COSTS, Item, Line, lines_of, looks_of, sums_of
from .surveying import survey

READERS = frozenset({Role.FINANCE_CLERK, Role.HRSS_SUPERVISOR, Role.AUDITOR, *AGENCY_ROLES} - {Role.AGENCY_ADMINISTRATOR})
ORDER = {item: number for number, item in enumerate(Item)}
# Kind of a posting → the item it is the truth of, and the account it debits; taken back, it credits it.
POSTED = {
    "tranche.bank": (Item.TRANCHE, "loan_principal"),
    "accrue_government.bank": (Item.INTEREST, "interest_receivable_government"),
    "death_government_interest.finance": (Item.BACKSTOP, "backstop_expense"),
    "death_government_principal.finance": (Item.BACKSTOP, "backstop_expense"),
    "contribution_subsidy.finance": (Item.SUBSIDY, "contribution_subsidy_expense"),
}
_POSTED = f"""
SELECT l.policy_id, m.item, extract(year FROM p."on")::integer, sum(CASE WHEN p.debit = m.debit THEN p.amount_fen ELSE -p.amount_fen END)
FROM {Posting._meta.db_table} p
    JOIN unnest(%s::text[], %s::text[], %s::text[]) AS m(kind, item, debit) ON m.kind = p.kind
    JOIN {Loan._meta.db_table} l ON p.subject = 'loan:' || l.number
WHERE p.source = %s AND p.region_code LIKE %s AND p."on" > %s AND p."on" <= %s
GROUP BY 1, 2, 3"""


@dataclass(frozen=True)
class Row:
    """Fen of each year of one item and payer; `policy_id` is "" over all programmes."""

    policy_id: str
    item: str
    payer: str
    fen: tuple[int, ...]

    @property
    def total(self) -> int:
        """All years."""
        return sum(self.fen)


@dataclass(frozen=True)
class Place:
    """What one place and programme costs finance in each year, fen, with its loans on record."""

    region_code: str
    name: str
    policy_id: str
    loans: int
    fen: tuple[int, ...]


@dataclass(frozen=True)
class Compared:
    """One item of two budgets, fen of each year they share: here, there."""

    policy_id: str
    item: str
    payer: str
    here: tuple[int, ...]
    there: tuple[int, ...]

    @property
    def cells(self) -> list[tuple[int, int, int]]:
        """Here, there and the difference of each year."""
        return [(here, there, here - there) for here, there in zip(self.here, self.there, strict=True)]


@dataclass(frozen=True)
class Actual:
    """One item of a year: foreseen for the whole of it, foreseen up to the last closed month, posted up to there; fen."""

    policy_id: str
    item: str
    year: int
    whole: int
    foreseen: int
    posted: int

    @property
    def difference(self) -> int:
        """Posted less foreseen."""
        return self.posted - self.foreseen


def runs_for(actor: Actor) -> QuerySet[BudgetRun]:
    """Return the budgets a post may read, the newest first."""
    actor.require_role(*READERS)
    return BudgetRun.objects.within(actor)


def years_of(run: BudgetRun) -> list[int]:
    """Return the years of a budget; the first from its month on."""
    return list(range(run.first_year, run.first_year + run.years + 1))


def table_of(run: BudgetRun, *, region: str = "", policy_id: str = "", by_programme: bool = True) -> list[Row]:
    """Return the figures of a budget by programme, item and payer."""
    years = years_of(run)
    lines = run.lines.filter(region_code__startswith=region)
    if policy_id:
        lines = lines.filter(policy_id=policy_id)
    sums: defaultdict[tuple[str, str, str], dict[int, int]] = defaultdict(dict)
    rows = lines.order_by().values_list("policy_id", "item", "payer", "year").annotate(Sum("fen"))
    for programme, item, payer, year, fen in rows:
        found = sums[programme if by_programme else "", item, payer]
        found[year] = found.get(year, 0) + fen
    return [Row(*key, tuple(sums[key].get(year, 0) for year in years)) for key in sorted(sums, key=_in_order)]


def costs_of(rows: Iterable[Row], years: int) -> tuple[int, ...]:
    """Return what a budget costs finance in each year: interest, backstop and contribution subsidy."""
    counted = [row.fen for row in rows if row.item in COSTS]
    return tuple(sum(column) for column in zip(*counted, strict=True)) if counted else (0,) * years


def places_of(run: BudgetRun) -> list[Place]:
    """Return what each township and programme costs finance, by code; new loans that are assumed stand under their county."""
    years = years_of(run)
    sums: defaultdict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    loans: dict[tuple[str, str], int] = {}
    for line in run.lines.order_by().only("region_code", "policy_id", "item", "year", "fen", "loans", "run_id"):
        key = (line.region_code, line.policy_id)
        loans[key] = max(loans.get(key, 0), line.loans)
        if line.item in COSTS:
            sums[key][line.year] = sums[key].get(line.year, 0) + line.fen
    names = names_of({code for code, _policy in loans})
    return [
        Place(
            code, names.get(code, code), policy_id, loans[code, policy_id], tuple(sums[code, policy_id].get(y, 0) for y in years)
        )
        for code, policy_id in sorted(loans)
    ]


def names_of(codes: set[str]) -> dict[str, str]:
    """Return the names of places."""
    return dict(Region.objects.filter(code__in=codes).values_list("code", "name"))


def compared(run: BudgetRun, other: BudgetRun) -> tuple[list[int], list[Compared]]:
    """Return the years two budgets share and their figures side by side; what one of them lacks is nothing there."""
    years = sorted(set(years_of(run)) & set(years_of(other)))
    found = []
    for each in (run, other):
        own = years_of(each)
        places = [own.index(year) for year in years]
        found.append({(row.policy_id, row.item, row.payer): tuple(row.fen[at] for at in places) for row in table_of(each)})
    nothing = (0,) * len(years)
    keys = sorted(found[0].keys() | found[1].keys(), key=_in_order)
    return years, [Compared(*key, found[0].get(key, nothing), found[1].get(key, nothing)) for key in keys]


def closed_until(run: BudgetRun, today: date) -> date:
    """Return the last day up to which postings can be held against a budget: the last month's end, not before its own."""
    return max(run.as_of, min(month_end_before(today), date(years_of(run)[-1], 12, 31)))


def actuals(run: BudgetRun, today: date) -> list[Actual]:
    """Return what was posted since a budget against what it foresaw, item by item and year by year up to the running one."""
    last = closed_until(run, today)
    if last == run.as_of:
        return []
    whole: defaultdict[tuple[str, str, int], int] = defaultdict(int)
    foreseen: defaultdict[tuple[str, str, int], int] = defaultdict(int)
    for line in run.lines.filter(year__lte=last.year).exclude(item=Item.CLAIM):
        key = (line.policy_id, line.item, line.year)
        whole[key] += line.fen
        foreseen[key] += sum(line.months[: last.month]) if line.year == last.year else line.fen
    posted = {(policy_id, item, year): int(fen) for policy_id, item, year, fen in _posted(run, last)}
    keys = sorted(whole.keys() | posted.keys(), key=lambda key: (key[2], *_in_order((key[0], key[1], ""))))
    return [Actual(*key, whole.get(key, 0), foreseen.get(key, 0), posted.get(key, 0)) for key in keys]


def _posted(run: BudgetRun, last: date) -> list[tuple[str, str, int, int]]:
    kinds = [
        list(POSTED),
        [str(item) for item, _debit in POSTED.values()],
        [debit for _item, debit in POSTED.values()],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_POSTED, [*kinds, SOURCE, f"{run.region_code}%", run.as_of, last])
        return list(cursor.fetchall())


def loans_behind(run: BudgetRun, region: str, policy_id: str) -> QuerySet[Loan]:
    """Return the live loans of a place and programme of a budget as they are now, by number."""
    chosen = Loan.objects.filter(pk__in=live_loans(run.region_code), region_code__startswith=region, policy_id=policy_id)
    return chosen.select_related("bank", "person").order_by("number")


def lines_of_loans(run: BudgetRun, loans: Sequence[Loan]) -> list[list[Line]]:
    """Return the lines each loan would give by the assumptions of a budget, from what is on record of it now."""
    if not loans:
        return []
    assumed = assumptions_of(run)
    found = survey(loans, run.as_of, assumed, parameter_book())
    sums = sums_of(
        found.seen,
        follows=found.follows,
        cover=found.cover,
        groups=np.arange(len(loans), dtype=np.int64),
        count=len(loans),
        account_share_ppm=assumed.account_share_ppm,
        subsidies=found.subsidies,
    )
    looks = looks_of(run.as_of, assumed.years)
    return [list(lines_of(sums, number, looks, assumed)) for number in range(len(loans))]


def detailed(run: BudgetRun) -> list[tuple[BudgetLine, tuple[int, ...]]]:
    """Return every line of a budget by place, with the fen of all its years; the line is the first of them."""
    years = years_of(run)
    first: dict[tuple[str, ...], BudgetLine] = {}
    sums: defaultdict[tuple[str, ...], dict[int, int]] = defaultdict(dict)
    for line in run.lines.all():
        key = (line.region_code, line.policy_id, line.origin, line.item, line.payer)
        first.setdefault(key, line)
        sums[key][line.year] = line.fen
    keys = sorted(first, key=lambda key: (key[0], key[1], key[2], ORDER[Item(key[3])], key[4]))
    return [(first[key], tuple(sums[key].get(year, 0) for year in years)) for key in keys]


def _in_order(key: tuple[str, str, str]) -> tuple[str, int, str]:
    return key[0], ORDER[Item(key[1])], key[2]
