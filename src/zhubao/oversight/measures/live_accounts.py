"""Indicators of personal accounts: interest credited, contribution subsidies. Money is fen."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Sum
from django.utils.timezone import localdate

from zhubao.accounts.models import Account, InterestRun, SubsidyRun
from zhubao.language import Text
from zhubao.people.models import Scheme

from .indicators import Asked, Reading, counts

SUPERIOR, LOCAL = Text("上级财政", "superior finance"), Text("地方财政", "local finance")


@counts("accounts_credited")
def accounts_credited(asked: Asked) -> Iterator[Reading]:
    """Resident accounts of the end of the year before, and how many of them have that year's interest."""
    year = asked.last.year - 1
    runs = InterestRun.objects.posted().filter(region_code__startswith=asked.region_code, scheme=Scheme.RESIDENT, year=year)
    there = Account.objects.filter(
        region_code__startswith=asked.region_code, scheme=Scheme.RESIDENT, opened_on__lte=date(year, 12, 31)
    ).count()
    credited = int(runs.aggregate(total=Sum("accounts"))["total"] or 0)
    yield Reading(min(credited, there), there)


@counts("contribution_subsidy_fen")
def contribution_subsidy_fen(asked: Asked) -> Iterator[Reading]:
    """Contribution subsidies credited in these days, by who pays them."""
    runs = SubsidyRun.objects.filter(region_code__startswith=asked.region_code).exclude(posted_at=None)
    found = [run for run in runs if run.posted_at is not None and asked.first <= localdate(run.posted_at) <= asked.last]
    yield Reading(sum(run.superior_fen for run in found), None, "superior", SUPERIOR)
    yield Reading(sum(run.local_fen for run in found), None, "local", LOCAL)
