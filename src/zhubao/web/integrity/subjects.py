"""How tasks about findings and listings are named in the queue."""

from collections.abc import Collection

from django.urls import reverse

from zhubao.loans.models import FraudFinding
from zhubao.oversight.dishonesty.models import Listing
from zhubao.policies import judge_of
from zhubao.web.cases.subjects import Named, subjects


@subjects("fraud")
def findings(names: Collection[str]) -> dict[str, Named]:
    """Read findings by their numbers."""
    return {
        each.number: _named("findings", each)
        for each in FraudFinding.objects.filter(number__in=names).select_related("loan__person")
    }


@subjects("listing")
def listings(names: Collection[str]) -> dict[str, Named]:
    """Read listings by their numbers."""
    return {
        each.number: _named("listings", each) for each in Listing.objects.filter(number__in=names).select_related("loan__person")
    }


def _named(name: str, record: FraudFinding | Listing) -> Named:
    loan = record.loan
    address = reverse("integrity:one", args=[name, record.number])
    return Named(address, record.number, loan.person.masked_name, judge_of(loan.policy_id).policy.title)
