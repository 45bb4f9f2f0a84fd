"""Indicators of what the loans are for, and of how easy they are to have. Days are inclusive, money is fen."""

from collections import defaultdict
from collections.abc import Iterator
from statistics import median_low

from django.db.models import Count, Q, QuerySet

from zhubao.cases.models import Application, Case, Step
from zhubao.cases.models.case import Channel
from zhubao.cases.papers import papers_of
from zhubao.loans.models import Loan
from zhubao.people.models import InsuredRecord
from zhubao.policies.claims import implements

from .indicators import Asked, Reading, counts
from .live import of_bank

# Rugao's aim: the months a pension needs.
MONTHS_FOR_A_PENSION = 180


@counts("gaps_closed")
@implements("jx-0.3", as_="feature")
def gaps_closed(asked: Asked) -> Iterator[Reading]:
    """Borrowers with unpaid months when they applied, and those of them whose present record has none."""
    people = _borrowers(asked).values_list("person_id", "case_number")
    gaps = dict(
        Application.objects.filter(case__number__in=[case for _person, case in people], back_payable_months__gt=0).values_list(
            "case__number", "back_payable_months"
        )
    )
    with_gaps = {person for person, case in people if case in gaps}
    now = InsuredRecord.objects.filter(person_id__in=with_gaps, superseded_at=None, back_payable_months=0)
    yield Reading(now.order_by().values("person_id").distinct().count(), len(with_gaps))


@counts("pension_reached")
@implements("rg-1", as_="feature")
def pension_reached(asked: Asked) -> Iterator[Reading]:
    """Borrowers whose present record has the months a pension needs and says that they draw one, of all borrowers."""
    people = set(_borrowers(asked).values_list("person_id", flat=True))
    there = 0
    records = InsuredRecord.objects.filter(person_id__in=people, superseded_at=None, receiving_pension=True)
    for paid, deemed in records.values_list("paid_months", "deemed_months"):
        there += (paid or 0) + (deemed or 0) >= MONTHS_FOR_A_PENSION
    yield Reading(there, len(people))


@counts("online_share")
@implements("jx-5.2f", as_="feature")
def online_share(asked: Asked) -> Iterator[Reading]:
    """Applications first filed in these days, and those of them that came in online."""
    filed = _filed(asked)
    yield Reading(filed.filter(channel=Channel.ONLINE).count(), filed.count())


@counts("online_share_by_bank")
@implements("tl-5.2b", as_="feature")
def online_share_by_bank(asked: Asked) -> Iterator[Reading]:
    """The same, bank by bank."""
    filed = _filed(asked).exclude(bank=None).order_by("bank__name").values("bank_id", "bank__name")
    for row in filed.annotate(every=Count("pk"), online=Count("pk", filter=Q(channel=Channel.ONLINE))):
        yield of_bank(row["bank_id"], row["bank__name"], row["online"], row["every"])


@counts("handling_days")
@implements("jx-5.2f", as_="feature")
def handling_days(asked: Asked) -> Iterator[Reading]:
    """The median of days from the first filing to the agency's or the bank's decision, of decisions of these days."""
    decided = Step.objects.filter(
        case__in=_cases(asked), verb__in=("decide", "bank_decide"), on__range=(asked.first, asked.last)
    ).exclude(case__filed_on=None)
    last: dict[int, int] = defaultdict(int)
    for case, filed, on in decided.values_list("case_id", "case__filed_on", "on"):
        if filed is not None:
            last[case] = max(last[case], (on - filed).days)
    if last:
        yield Reading(median_low(last.values()))


@counts("papers_wanted")
@implements("jx-5.2f", as_="feature")
def papers_wanted(asked: Asked) -> Iterator[Reading]:
    """The median of how many papers an application filed in these days had to bring."""
    wanted = [
        len(papers_of(form.case, form.category))
        for form in Application.objects.filter(case__in=_filed(asked)).select_related("case")
    ]
    if wanted:
        yield Reading(median_low(wanted))


def _cases(asked: Asked) -> QuerySet[Case]:
    return Case.objects.filter(region_code__startswith=asked.region_code, policy_id=asked.policy_id, trial=False)


def _filed(asked: Asked) -> QuerySet[Case]:
    return _cases(asked).filter(filed_on__range=(asked.first, asked.last))


def _borrowers(asked: Asked) -> QuerySet[Loan]:
    return Loan.objects.filter(region_code__startswith=asked.region_code, policy_id=asked.policy_id, signed_on__lte=asked.last)
