"""What waits for a committee, counted with a fixed number of queries."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, Q

from zhubao.access.actors import Actor
from zhubao.cases.contract import RUGAO
from zhubao.cases.models import Case, PublicNotice, Renewal
from zhubao.cases.models.case import CaseQuerySet
from zhubao.cases.models.review import RenewalQuerySet
from zhubao.cases.selectors import cases_for, without_renewal
from zhubao.loans.models import Loan, LoanQuerySet
from zhubao.policies import judge_of
from zhubao.tasks.models import Task
from zhubao.web.cases.due import Due, due_of
from zhubao.web.clerk.words import said

# States of a loan that is neither ended nor withdrawn.
GOES_ON: Final = ("rostered", "drawn", "recorded", "suspended", "renewal")


@dataclass(frozen=True)
class Counts:
    """How many cases and renewals of a committee wait for what. `hanging` are those whose full days are not over."""

    review: int
    post: int
    sign: int
    hanging: int
    objections: int
    renewals: int

    @property
    def to_do(self) -> int:
        """How many wait for the committee itself."""
        return self.review + self.post + self.sign + self.objections + self.renewals


def village_cases(actor: Actor) -> CaseQuerySet:
    """Return the Rugao cases of the committee or of the township's villages."""
    return cases_for(actor).filter(policy_id=RUGAO)


def to_sign(actor: Actor, today: date) -> CaseQuerySet:
    """Return the cases whose notice has hung for its full days."""
    return village_cases(actor).filter(state="public_notice", notice_lines__notice__last_day__lt=today).distinct()


def objected(actor: Actor) -> CaseQuerySet:
    """Return the cases with an objection that is not decided."""
    return village_cases(actor).filter(state="objection")


def uninvestigated(actor: Actor) -> CaseQuerySet:
    """Return the cases with an objection that the committee has not looked into."""
    return objected(actor).filter(objections__upheld=None, objections__against="notice", objections__found_on=None).distinct()


def renewals_of(actor: Actor) -> RenewalQuerySet:
    """Return the renewals of the cases an actor may see."""
    return Renewal.objects.filter(case__in=cases_for(actor))


def counts(actor: Actor, today: date) -> Counts:
    """Count what waits for a committee in two queries."""
    over = Q(state="public_notice", notice_lines__notice__last_day__lt=today)
    untouched = Q(state="objection", objections__upheld=None, objections__against="notice", objections__found_on=None)
    found: dict[str, int] = village_cases(actor).aggregate(
        review=Count("pk", Q(state="submitted"), distinct=True),
        post=Count("pk", Q(state="first_reviewed"), distinct=True),
        sign=Count("pk", over, distinct=True),
        posted=Count("pk", Q(state="public_notice"), distinct=True),
        objections=Count("pk", untouched, distinct=True),
    )
    posted = found.pop("posted")
    return Counts(**found, hanging=posted - found["sign"], renewals=renewals_of(actor).filter(state="filed").count())


def notices_up(actor: Actor) -> Any:
    """Return the notices of a committee (of a township's villages) that were not taken down, the newest first, with their people."""
    notices = PublicNotice.objects.within(actor).filter(taken_down_on=None).select_related("committee")
    if actor.role == "committee_member":
        notices = notices.filter(committee_id=actor.organisation_id)
    return notices.annotate(people=Count("lines")).order_by("-posted_on", "-pk")


def to_renew(actor: Actor, year: int) -> LoanQuerySet:
    """Return the loans of an actor's cases that go on in a year: the pension has not begun by then."""
    agreed = village_cases(actor).filter(state="agreed")
    loans = Loan.objects.filter(policy_id=RUGAO, case_number__in=agreed.values("number"), state__in=GOES_ON)
    return loans.filter(pension_month__gt=date(year, 1, 1)).order_by("number")


def not_filed(loans: LoanQuerySet, year: int) -> list[str]:
    """Return the numbers of the loans for which nobody filed a renewal for a year."""
    return without_renewal(loans.values_list("number", flat=True), year)


@dataclass(frozen=True)
class Row:
    """A case in a list: the hardship applied for in words, and by when the next step is due."""

    case: Case
    hardship: str
    due: Due | None


def rows_of(cases: list[Case], today: date) -> list[Row]:
    """Return cases, read with person and application, as rows; one query for all due dates."""
    tasks = Task.objects.filter(subject__in=[case.subject for case in cases], closed_at=None).order_by("-due_on", "-pk")
    by_subject = {task.subject: task for task in tasks}
    return [
        Row(case, hardship_said(case, case.application.category), due_of(by_subject[case.subject], today))
        if case.subject in by_subject
        else Row(case, hardship_said(case, case.application.category), None)
        for case in cases
    ]


def hardship_said(case: Case, code: str) -> str:
    """Return a kind of hardship in words, the code where the policy has none of it."""
    identity = judge_of(case.policy_id).policy.identities.get(code)
    return said(identity.label) if identity else code
