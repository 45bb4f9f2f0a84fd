"""A claim recomputed: every loan's days by us, beside what the bank asks; each difference with its cause, each refusal with its reason.

The work is cut by loan numbers into chunks, each a transaction that writes its lines anew: a run that was killed is repeated to the
same lines, and several processes may share it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Count, F, Q, Sum

from zhubao.errors import ZhubaoError
from zhubao.exchange.files.subsidy_claim import CURRENT, TAKEN_BACK
from zhubao.lending.claim_comparison import Asked, Cause, compare
from zhubao.lending.government_days import Stretch, borne_between, claim_window
from zhubao.policies.claims import implements

from ..models import ClaimDetail, ClaimLine, Loan, SubsidyClaim
from .loading import Claimable, accepted_before, claimable, one_of
from .stepping import is_recomputed

Before = Mapping[tuple[int, int], int]
CHUNK = 20_000
UNKNOWN_LOAN, OTHER_PERSON, TAKEN = "E-LOAN-UNKNOWN", "E-CLAIM-PERSON", "E-CLAIM-TAKEN"
# Where nothing of a line is borne, its cause is the reason of the refusal.
REFUSALS = {
    Cause.AFTER_DEATH: "E-CLAIM-DEAD",
    Cause.NOT_CERTIFIED: "E-CLAIM-UNCERTIFIED",
    Cause.AFTER_GRACE: "E-CLAIM-GRACE",
    Cause.ALREADY_CLAIMED: TAKEN,
    Cause.NOT_PAID_IN: "E-CLAIM-UNPAID",
    Cause.OUTSIDE_PERIOD: "E-CLAIM-PERIOD",
}
NOTHING_BORNE = "E-CLAIM-NOTHING"
_COLUMNS = "claim_id, loan_id, loan_number, year, correction, asked_fen, computed_fen, accepted_fen, cause, refused, details"


class Detail(NamedTuple):
    """One line of the bank's file."""

    number: int
    loan_number: str
    person_index: bytes
    kind: str
    year: int
    principal_fen: int
    rate_ppm: int
    starts_on: date
    ends_on: date
    days: int
    subsidy_fen: int

    @property
    def signed_fen(self) -> int:
        """What the line asks; below 0 for one taken back."""
        return -self.subsidy_fen if self.kind == TAKEN_BACK else self.subsidy_fen

    @property
    def asked(self) -> Asked:
        """The line as a comparison reads it."""
        start, end = self.starts_on.toordinal(), self.ends_on.toordinal()
        return Asked(start, end, self.principal_fen, self.rate_ppm, self.days, self.subsidy_fen)


@dataclass(slots=True)
class Found:
    """A line of the claim as it will be written."""

    loan_id: int | None
    loan_number: str
    year: int
    correction: bool
    asked_fen: int
    computed_fen: int
    accepted_fen: int | None
    cause: str
    refused: str
    details: list[int]


def chunks_of(claim: SubsidyClaim) -> list[tuple[str, str]]:
    """Return the chunks of a claim as ranges of loan numbers, the first of them counted, the last not; "" is open."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT loan_number FROM (
                SELECT loan_number, row_number() OVER (ORDER BY loan_number) AS place FROM loans_claimdetail WHERE claim_id = %s
            ) AS placed WHERE place %% %s = 0 ORDER BY 1""",
            [claim.pk, CHUNK],
        )
        edges = list(dict.fromkeys(number for (number,) in cursor.fetchall()))
    return list(zip(["", *edges], [*edges, ""], strict=True))


@implements("jx-2.4c", "jx-2.4d", "jx-annex-5a", "jx-annex-5b", "rg-13b", "rg-16", as_="action")
@transaction.atomic
def check_chunk(claim: SubsidyClaim, first: str, last: str) -> int:
    """Write the lines of the loans from `first` up to `last`, anew where they were written before; return how many.

    A claim somebody else finished recomputing meanwhile keeps its lines.
    """
    if not _kept_open(claim, first):
        return 0
    within = Q(claim=claim, loan_number__gte=first) & (Q(loan_number__lt=last) if last else Q())
    ClaimLine.objects.filter(within).exclude(details=[]).delete()
    fields = Detail._fields
    rows = ClaimDetail.objects.filter(within).order_by("loan_number", "number").values_list(*fields)
    told = [Detail(number, loan, bytes(index), *rest) for number, loan, index, *rest in rows]
    groups = [(number, list(lines)) for number, lines in groupby(told, key=lambda each: each.loan_number)]
    loans = _own(claim, claimable([number for number, _lines in groups], by="number"))
    before = accepted_before(claim.pk, [loan.pk for loan in loans.values()])
    found = [line for number, lines in groups for line in lines_of(claim, number, loans.get(number), lines, before)]
    _write(claim, found)
    return len(found)


@transaction.atomic
def add_missing_corrections(claim: SubsidyClaim) -> int:
    """Add what the bank must give back and did not list: earlier years paid above what their days come to now. Return how many."""
    if not _kept_open(claim, "corrections"):
        return 0
    ClaimLine.objects.filter(claim=claim, details=[]).delete()
    listed = set(ClaimLine.objects.filter(claim=claim).values_list("loan_number", "year"))
    earlier = (
        ClaimLine.objects.filter(
            claim__bank_id=claim.bank_id,
            claim__policy_id=claim.policy_id,
            claim__region_code=claim.region_code,
            year__lt=claim.year,
        )
        .exclude(claim=claim)
        .filter(refused="")
    )
    ids = sorted(set(earlier.order_by().values_list("loan_id", flat=True)))
    found: list[Found] = []
    for at in range(0, len(ids), CHUNK):
        part = ids[at : at + CHUNK]
        before = accepted_before(claim.pk, part)
        years: dict[int, list[int]] = {}
        for loan_id, year in before:
            if year < claim.year:
                years.setdefault(loan_id, []).append(year)
        for loan in claimable(part, by="pk").values():
            for year in sorted(years.get(loan.pk, ())):
                paid = before[loan.pk, year]
                if not paid or (loan.number, year) in listed:
                    continue
                missing = _borne(loan, year) - paid
                if missing < 0:
                    found.append(Found(loan.pk, loan.number, year, True, 0, missing, missing, Cause.NOT_LISTED, "", []))
    _write(claim, found)
    return len(found)


def _kept_open(claim: SubsidyClaim, part: str) -> bool:
    """Tell whether a claim is being recomputed, and let nobody finish that while this transaction lasts, nor do the same part of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{claim.subject}/{part}"])
        cursor.execute("SELECT 1 FROM loans_subsidyclaim WHERE id = %s FOR SHARE", [claim.pk])
    return is_recomputed(SubsidyClaim.objects.get(pk=claim.pk))


def sums_of(claim: SubsidyClaim) -> dict[str, int]:
    """Return the sums and counts a claim keeps of its lines."""
    differs = ~Q(asked_fen=F("computed_fen"))
    return ClaimLine.objects.filter(claim=claim).aggregate(
        lines=Count("pk"),
        differing=Count("pk", filter=differs),
        refused=Count("pk", filter=~Q(refused="")),
        open_lines=Count("pk", filter=Q(accepted_fen=None)),
        asked_fen=Sum("asked_fen", default=0),
        computed_fen=Sum("computed_fen", default=0),
        accepted_fen=Sum("accepted_fen", default=0),
    )


def lines_of(claim: SubsidyClaim, number: str, loan: Claimable | None, told: Sequence[Detail], before: Before) -> Iterator[Found]:
    """Yield the lines of one loan of the file, one for each year it speaks of."""
    by_year: dict[int, list[Detail]] = {}
    for each in told:
        by_year.setdefault(each.year, []).append(each)
    if loan is None:
        for year, lines in by_year.items():
            yield _refused(None, number, year, lines, UNKNOWN_LOAN)
        return
    if any(each.person_index != loan.person_index for each in told):
        for year, lines in by_year.items():
            yield _refused(loan.pk, number, year, lines, OTHER_PERSON)
        return
    try:
        last = max(by_year)
        stretches = loan.stretches(date.fromordinal(claim_window(loan.terms, last)[1]))
    except ZhubaoError as error:
        for year, lines in by_year.items():
            yield _refused(loan.pk, number, year, lines, error.code[:30])
        return
    for year, lines in by_year.items():
        yield _compared(loan, year, lines, stretches, before)


def _compared(loan: Claimable, year: int, lines: Sequence[Detail], stretches: Sequence[Stretch], before: Before) -> Found:
    asked = sum(each.signed_fen for each in lines)
    correction = lines[0].kind != CURRENT
    claimed = before.get((loan.pk, year), 0)
    start, end = claim_window(loan.terms, year)
    computed = borne_between(stretches, start, end) - claimed
    found = Found(loan.pk, loan.number, year, correction, asked, computed, None, "", "", [each.number for each in lines])
    taken = not correction and (loan.pk, year) in before
    if asked == computed and not taken:
        found.accepted_fen = asked
        return found
    if correction:
        found.cause = Cause.ALREADY_CLAIMED if claimed and not computed else Cause.BACK_DATED
    elif taken:
        found.cause = Cause.ALREADY_CLAIMED
    else:
        ours = [each for each in stretches if start <= each.start and each.end <= end]
        both = compare(loan.terms, loan.events, year, [each.asked for each in lines], ours, claimed=claimed, died_on=loan.died_on)
        found.cause = both.main or Cause.ROUNDING
    if taken or (computed <= 0 < asked):
        found.refused = TAKEN if taken else REFUSALS.get(Cause(found.cause), NOTHING_BORNE)
        found.accepted_fen = 0
    return found


def _borne(loan: Claimable, year: int) -> int:
    start, end = claim_window(loan.terms, year)
    return borne_between(loan.stretches(date.fromordinal(end)), start, end)


def _refused(loan_id: int | None, number: str, year: int, lines: Sequence[Detail], code: str) -> Found:
    asked = sum(each.signed_fen for each in lines)
    correction = lines[0].kind != CURRENT
    return Found(loan_id, number, year, correction, asked, 0, 0, "", code, [each.number for each in lines])


def _own(claim: SubsidyClaim, loans: dict[str, Claimable]) -> dict[str, Claimable]:
    """Keep the loans of the claim's bank, programme and county: any other is as unknown to it as none."""
    own = Loan.objects.filter(
        one_of("pk", [each.pk for each in loans.values()]),
        bank_id=claim.bank_id,
        policy_id=claim.policy_id,
        region_code__startswith=claim.region_code,
    )
    mine = set(own.values_list("pk", flat=True))
    return {number: each for number, each in loans.items() if each.pk in mine}


def _write(claim: SubsidyClaim, found: Sequence[Found]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY loans_claimline ({_COLUMNS}) FROM STDIN") as copy:
        for each in found:
            copy.write_row(
                (
                    claim.pk,
                    each.loan_id,
                    each.loan_number,
                    each.year,
                    each.correction,
                    each.asked_fen,
                    each.computed_fen,
                    each.accepted_fen,
                    str(each.cause),
                    each.refused,
                    each.details,
                )
            )
