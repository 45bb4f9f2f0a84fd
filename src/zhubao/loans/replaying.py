"""What a loan comes to: its terms, its events, and the outcome replayed from them. Nothing of it is kept."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from zhubao.lending import AgreedTerms, Event, Kind, Outcome, Posting, Setting, Terms, replay, terms_for
from zhubao.lending.days import settlement_days
from zhubao.lending.events import booked, settled

from .models import Loan, LoanClosing, LoanEvent, TermsSetting

SETTING = ("name", "value", "effective_from", "effective_to", "decided_by")
SettingRow = tuple[Any, ...]


def terms_of(loan: Loan) -> AgreedTerms:
    """Return the terms as they were agreed on the day of signing, with the open points that rest on a default nobody confirmed."""
    return _terms(loan, loan.settings.values_list(*SETTING))


def _terms(loan: Loan, rows: Iterable[SettingRow]) -> AgreedTerms:
    # What stands in the agreement is the bank's decision; what a later setting says of the same point comes after it.
    settings = [Setting(name, getattr(loan, name), decided_by=loan.bank.name) for name in ("day_count", "settlement")]
    settings += [Setting(name, _value(name, text), start, end, decided_by) for name, text, start, end, decided_by in rows]
    agreed = _agreed(loan.policy_id, tuple(settings), loan.signed_on)
    terms = agreed.terms
    if loan.repay_months is not None and terms.max_months:
        terms = replace(terms, max_months=min(terms.max_months, loan.repay_months))
    if loan.basic_pension_agreed_on is not None:
        terms = terms.with_basic_pension(loan.basic_pension_agreed_on, loan.signed_on)
    return agreed if terms is agreed.terms else replace(agreed, terms=terms)


# The same bank signs the same terms many times a day.
_agreed = lru_cache(maxsize=4096)(terms_for)


def events_of(loan: Loan) -> list[Event]:
    """Return the events entered for a loan, in the order of entry."""
    return [Event(row.day.toordinal(), row.kind, row.entry, row.amount, tuple(row.more)) for row in loan.events.all()]


@dataclass(frozen=True)
class OnRecord:
    """All that the figures of a loan follow from: its terms, its events in any order, and the month-ends that closed it.

    `keys`: the keys under which the events were entered.
    """

    terms: Terms
    events: Sequence[Event]
    month_ends: Sequence[date] = ()
    keys: frozenset[str] = frozenset()

    def outcome(self, up_to: date) -> Outcome:
        """Return the loan after its events up to and including a day, interest periods closed on the bank's settlement days."""
        return replay(self.terms, [*self.events, *self._settlements(up_to)], up_to)

    def postings(self, up_to: date) -> list[Posting]:
        """Return what the books say up to and including a day; at a month-end that includes interest of the day itself.

        A month-end counts the days of its month to the last, so a replay books it on the day after and it is dated back here. Nothing
        else accrues on that day: a period that closes on it finds its interest booked.
        """
        after = 0 if self.terms.ends == "last" else 1
        ends = {day + timedelta(after): day for day in self.month_ends if day <= up_to}
        events = [*self.events, *self._settlements(up_to), *(booked(day) for day in ends)]
        return [
            posting._replace(on=ends[posting.on]) if posting.on in ends and posting.kind.startswith("accrue_") else posting
            for posting in replay(self.terms, events, up_to + timedelta(1)).postings
        ]

    def _settlements(self, up_to: date) -> Iterator[Event]:
        draws = [event.on for event in self.events if event.kind == Kind.TRANCHE_PAID]
        if draws:
            yield from (settled(day) for day in settlement_days(self.terms.settlement, min(draws), up_to))


def record_of(loan: Loan) -> OnRecord:
    """Return what is on record of a loan."""
    return records_of([loan])[loan.pk]


def records_of(loans: Sequence[Loan]) -> dict[int, OnRecord]:
    """Return what is on record of each loan, by its key, in three queries; the banks are loaded."""
    ids = [loan.pk for loan in loans]
    events: dict[int, list[Event]] = {pk: [] for pk in ids}
    keys: dict[int, set[str]] = {pk: set() for pk in ids}
    told = LoanEvent.objects.filter(loan__in=ids).order_by("entry")
    for pk, day, kind, entry, amount, more, key in told.values_list("loan_id", "day", "kind", "entry", "amount", "more", "key"):
        events[pk].append(Event(day.toordinal(), kind, entry, amount, tuple(more)))
        keys[pk].add(key)
    closed: dict[int, list[date]] = {pk: [] for pk in ids}
    for pk, day in LoanClosing.objects.filter(loan__in=ids, booked=True).order_by("as_of").values_list("loan_id", "as_of"):
        closed[pk].append(day)
    settings: dict[int, list[SettingRow]] = {pk: [] for pk in ids}
    for pk, *row in TermsSetting.objects.filter(loan__in=ids).order_by("pk").values_list("loan_id", *SETTING):
        settings[pk].append(tuple(row))
    return {
        loan.pk: OnRecord(_terms(loan, settings[loan.pk]).terms, events[loan.pk], closed[loan.pk], frozenset(keys[loan.pk]))
        for loan in loans
    }


def outcome(loan: Loan, up_to: date) -> Outcome:
    """Return the loan after its events up to and including a day, interest periods closed on the bank's settlement days.

    Raises what `zhubao.lending.replay` raises: E-LOAN-RATE, E-LOAN-CEILING and their like.
    """
    return OnRecord(terms_of(loan).terms, events_of(loan)).outcome(up_to)


def _value(name: str, text: str) -> Any:
    """Return a setting's text as the type its field of `Terms` has."""
    default = getattr(Terms(), name, text)
    if isinstance(default, bool):
        return text == "true"
    return int(text) if isinstance(default, int) else text
