"""The claim file a bank may begin with: every subsidised day of its loans from our own figures, and what earlier years still lack."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.roles import Role
from zhubao.exchange.files.subsidy_claim import ADDED, CURRENT, TAKEN_BACK, ClaimedDays
from zhubao.lending.government_days import Stretch, borne_between, claim_window
from zhubao.people.models import Person
from zhubao.people.sealing import open_number
from zhubao.policies.claims import implements

from ..models import Loan, SubsidyClaim
from .loading import Claimable, accepted_before, claimable
from .stepping import course_of

CHUNK = 5_000


@implements("jx-annex-5a", "rg-16", as_="action")
@transaction.atomic
def prepared_rows(policy_id: str, region_code: str, bank_id: int, year: int, *, actor: Actor, now: datetime) -> list[ClaimedDays]:
    """Return the lines of a bank's claim of a year by loan number; opening the citizen numbers is on record.

    Raise OutOfScope for another post than the bank's officer, E-CLAIM-POLICY.
    """
    course_of(policy_id)
    actor.require_role(Role.BANK_OFFICER)
    actor.require_region(region_code)
    if actor.user_id is not None and actor.organisation_id != bank_id:
        bank_id = actor.organisation_id or 0
    claims = SubsidyClaim.objects.filter(bank_id=bank_id, policy_id=policy_id, region_code=region_code)
    own = claims.filter(year=year).values_list("pk", flat=True).first() or 0
    earlier = sorted(claims.filter(year__lt=year).values_list("year", flat=True))
    loans = Loan.objects.filter(policy_id=policy_id, region_code__startswith=region_code, bank_id=bank_id)
    numbers = list(loans.filter(tranches__drawn_on__isnull=False).distinct().order_by("number").values_list("number", flat=True))
    rows: list[ClaimedDays] = []
    for at in range(0, len(numbers), CHUNK):
        found = claimable(numbers[at : at + CHUNK], by="number")
        before = accepted_before(own, [loan.pk for loan in found.values()])
        people = {
            loan.pk: loan.person for loan in Loan.objects.select_related("person").filter(number__in=numbers[at : at + CHUNK])
        }
        for number in sorted(found):
            rows += _rows(found[number], people[found[number].pk], year, earlier, before)
    after = {"year": year, "policy": policy_id, "lines": len(rows), "subsidy_fen": sum(_signed(row) for row in rows)}
    record("claim.prepared", f"claim-file:{bank_id}/{year}", actor=actor, now=now, region_code=region_code, after=after)
    return rows


def _rows(
    loan: Claimable, person: Person, year: int, earlier: Sequence[int], before: Mapping[tuple[int, int], int]
) -> list[ClaimedDays]:
    start, end = claim_window(loan.terms, year)
    stretches = loan.stretches(date.fromordinal(end))
    lines = [*_current(loan, stretches, year, start, end), *_corrections(loan, stretches, earlier, before)]
    if not lines:
        return []
    number = open_number(person)
    return [
        ClaimedDays(
            loan.number,
            number,
            kind,
            of_year,
            "",
            each.principal,
            each.ppm,
            date.fromordinal(each.start),
            date.fromordinal(each.end),
            each.days,
            each.interest,
            each.interest,
        )
        for kind, of_year, each in lines
    ]


def _current(
    loan: Claimable, stretches: Sequence[Stretch], year: int, start: int, end: int
) -> Iterator[tuple[str, int, Stretch]]:
    for each in stretches:
        if start <= each.start and each.end <= end and each.interest:
            yield CURRENT, year, each


def _corrections(
    loan: Claimable, stretches: Sequence[Stretch], earlier: Sequence[int], before: Mapping[tuple[int, int], int]
) -> Iterator[tuple[str, int, Stretch]]:
    for year in earlier:
        start, end = claim_window(loan.terms, year)
        missing = borne_between(stretches, start, end) - before.get((loan.pk, year), 0)
        if missing:
            inside = [each for each in stretches if start <= each.start and each.end <= end]
            days = (inside[0].start, inside[-1].end) if inside else (start, end)
            last = inside[-1] if inside else Stretch(start, end, 0, 0, 0)
            kind = ADDED if missing > 0 else TAKEN_BACK
            yield kind, year, Stretch(*days, last.principal, last.ppm, abs(missing))


def _signed(row: ClaimedDays) -> int:
    return -row.subsidy_fen if row.kind == TAKEN_BACK else row.subsidy_fen
