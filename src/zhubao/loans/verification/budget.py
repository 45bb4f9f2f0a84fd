"""What a verification costs or saves finance: the interest of twelve months it bears as things stand, and with the findings carried out.

Every loan is replayed twice over the twelve months from the day of effect: with the events on record, and with the finding added; the
grace ends with the pension as planned. No further draw is counted. The sums are exact to the fen of each loan's own replay; a loan that
cannot be reckoned (a rate is missing) has no figure and is counted apart.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Case, Count, F, Sum, When
from django.db.models.functions import Substr

from zhubao.errors import ZhubaoError
from zhubao.lending import Event, Kind
from zhubao.lending.days import months_later
from zhubao.lending.events import certification_lost, certified, grace_ended

from ..models import VerificationProposal, VerificationRun
from ..models.verification import Finding, ProposalState
from ..replaying import OnRecord, records_of
from ..states import ways_of

CHUNK = 500
MONTHS = 12


@dataclass(frozen=True)
class Share:
    """The interest of twelve months that the finance of one place bears, fen: as it stands, and with the findings carried out."""

    area_code: str
    loans: int
    borne_fen: int
    after_fen: int

    @property
    def borrowers_fen(self) -> int:
        """What passes to the borrowers; below zero what finance takes over."""
        return self.borne_fen - self.after_fen


def horizon_of(run: VerificationRun) -> tuple[date, date]:
    """Return the first day the budget looks at and the first one after it."""
    return run.effect_on, months_later(run.effect_on, MONTHS)


def measure(run_id: int, *, clock: Callable[[], datetime]) -> VerificationRun:
    """Reckon every finding of a run that has no figures yet, a chunk a transaction; after any stop it goes on where it stood."""
    run = VerificationRun.objects.get(pk=run_id)
    last = 0
    while (reached := _measure_chunk(run, last)) is not None:
        last = reached
    if run.measured_at is None:
        run.measured_at = clock()
        run.save(update_fields=["measured_at"])
    return run


def shares_of(run: VerificationRun) -> list[Share]:
    """Return what the finance of each county bears with and without the findings, by area; a rejected finding changes nothing."""
    after = Case(When(state=ProposalState.REJECTED, then=F("borne_fen")), default=F("borne_after_fen"))
    rows = VerificationProposal.objects.filter(run=run).exclude(borne_fen=None).annotate(area=Substr("region_code", 1, 6))
    sums = rows.order_by("area").values("area").annotate(loans=Count("pk"), borne=Sum("borne_fen"), after=Sum(after))
    return [Share(row["area"], row["loans"], row["borne"], row["after"]) for row in sums]


def unreckoned(run: VerificationRun) -> int:
    """Return how many findings have no figures."""
    return VerificationProposal.objects.filter(run=run, borne_fen=None).count()


@transaction.atomic
def _measure_chunk(run: VerificationRun, after_key: int) -> int | None:
    """Reckon the findings after a key that have no figures yet, and return the last key; None when there is none."""
    waiting = VerificationProposal.objects.select_for_update(of=("self",)).filter(run=run, borne_fen=None, pk__gt=after_key)
    chunk = list(waiting.select_related("loan__bank").order_by("pk")[:CHUNK])
    if not chunk:
        return None
    records = records_of([each.loan for each in chunk])
    first, after = horizon_of(run)
    figures = []
    for each in chunk:
        try:
            figures.append((each.pk, *_both(each, records[each.loan_id], first, after)))
        except ZhubaoError:
            continue
    if not figures:
        return chunk[-1].pk
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE loans_verificationproposal AS found SET borne_fen = given.borne, borne_after_fen = given.after
            FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS given(id, borne, after) WHERE found.id = given.id""",
            [list(column) for column in zip(*figures, strict=True)],
        )
    return chunk[-1].pk


def _both(proposal: VerificationProposal, record: OnRecord, first: date, after: date) -> tuple[int, int]:
    """Return what finance bears of a loan as it stands, and with the finding; raise ZhubaoError where it cannot be reckoned."""
    known = _planned(record, proposal.loan.pension_month, after)
    borne, changed = _borne(known, first, after), _changed(proposal)
    return borne, borne if changed is None else _borne(replace(known, events=[*known.events, changed]), first, after)


def _planned(known: OnRecord, pension_month: date, until: date) -> OnRecord:
    """Return what is on record with the end of the grace where it is planned and not entered yet."""
    if pension_month >= until or any(event.kind == Kind.GRACE_ENDED for event in known.events):
        return known
    return replace(known, events=[*known.events, grace_ended(pension_month)])


def _changed(proposal: VerificationProposal) -> Event | None:
    """Return the event a finding would enter; None where the subsidy stays as it is."""
    if ways_of(proposal.loan.policy_id).verifies != "subsidy":
        return None
    if proposal.proposed_on is None or proposal.state != ProposalState.PROPOSED:
        return None
    day = proposal.proposed_on
    return certification_lost(day) if proposal.finding == Finding.LOSE else certified(day)


def _borne(known: OnRecord, first: date, after: date) -> int:
    """Return the interest that the government bears from one day to another, not counted, fen."""
    return _until(known, after) - _until(known, first)


def _until(known: OnRecord, day: date) -> int:
    outcome = known.outcome(day)
    return outcome.subsidy_total + outcome.accrued(day)[1]
