"""How tasks about loans are named in the queue."""

from collections.abc import Collection

from django.urls import reverse

from zhubao.loans.models import Loan
from zhubao.policies import judge_of
from zhubao.web.cases.subjects import Named, subjects


@subjects("loan")
def loans(names: Collection[str]) -> dict[str, Named]:
    """Read loans by their numbers."""
    found = Loan.objects.select_related("person").filter(number__in=names)
    return {
        loan.number: Named(
            reverse("loans:loan", args=[loan.number]), loan.number, loan.person.masked_name, judge_of(loan.policy_id).policy.title
        )
        for loan in found
    }
