"""Three Jiangxi borrowers and the lists that name them, as the yearly verification meets them."""

from datetime import date, datetime

from tests.loans.lives import COUNTY, SYSTEM, Life, PostOf, at, life_of
from tests.people.tables import number
from zhubao.lending.events import certified
from zhubao.loans.models import Loan
from zhubao.loans.opening import LoanTerms
from zhubao.loans.states import JIANGXI
from zhubao.loans.stepping import add_event
from zhubao.people.bulk import enter_identity_rows
from zhubao.people.statements import IdentityRow, Origin

NOVEMBER = at(2022, 11, 10)


def borrowers(post_of: PostOf, count: int = 3, *, policy_id: str = JIANGXI, terms: LoanTerms | None = None) -> list[Life]:
    """Return loans L1, L2, … with one year drawn and paid in; their borrowers are the numbers 44, 46, … of 16 May 1973."""
    lives = []
    for at_ in range(count):
        life = life_of(policy_id, post_of, name=f"L{at_ + 1}", sequence=44 + 2 * at_, terms=terms)
        life.year(2021)
        lives.append(life)
    return lives


def numbers(*places: int) -> list[str]:
    """Return the citizen numbers of borrowers by their place, the first is 1."""
    return [number("19730516", 42 + 2 * place) for place in places]


def listed(
    category: str,
    *places: int,
    on: date,
    certifier: str = "civil_affairs",
    file: str = "",
    complete: bool = True,
    starts_on: date | None = None,
    now: datetime = NOVEMBER,
) -> None:
    """Hand in a department's list of a category as of a day, with the borrowers at some places on it."""
    name = file or f"{category}-{on}"
    rows = [IdentityRow(each, "王芳", category, starts_on=starts_on, row=row) for row, each in enumerate(numbers(*places), 2)]
    enter_identity_rows(
        rows,
        region_code=COUNTY,
        certifier=certifier,
        origin=Origin(f"{name}.xlsx", f"file:{name}", "Sheet1"),
        listed_on=on,
        complete=[category] if complete else [],
        actor=SYSTEM,
        now=now,
    )


def uncertified(life: Life) -> Loan:
    """Take the subsidy out of a loan as if it had never been granted."""
    Loan.objects.filter(pk=life.loan.pk).update(subsidised_from=None)
    event = life.loan.events.get(key="subsidised")
    from zhubao.lending.events import reversed_entry

    add_event(life.loan, "no-subsidy", reversed_entry(event.day, event.entry), actor=SYSTEM, now=at(2021, 3, 2))
    return life.fresh()


__all__ = ["NOVEMBER", "borrowers", "certified", "listed", "numbers", "uncertified"]
