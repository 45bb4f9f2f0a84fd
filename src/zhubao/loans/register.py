"""The loan register as evidence: who has a loan that is not repaid (A-ALL-15)."""

from collections.abc import Mapping, Sequence
from datetime import date

from zhubao.evidence.providers import Fact

from .models import Loan
from .states import ENDED

SOURCE = "贷款登记"


def open_loans(people: Sequence[int], on: date) -> Mapping[int, Fact]:
    """Return for each person whether a loan of theirs, signed by the day, stands open; the register knows everybody."""
    standing = Loan.objects.filter(person_id__in=people, signed_on__lte=on).exclude(state__in=ENDED)
    borrowers = dict(standing.order_by("signed_on").values_list("person_id", "number"))
    return {
        person: Fact(person in borrowers, f"{SOURCE} {borrowers[person]}" if person in borrowers else SOURCE) for person in people
    }
