"""Loans as tests meet them: the county's figures, a borrower with a card, and the agreements of the three programmes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.people.tables import number
from tests.rows import rows_of
from zhubao.access.actors import Actor
from zhubao.access.models import Post
from zhubao.access.roles import Role
from zhubao.loans.contributing import record_contribution
from zhubao.loans.drawing import confirm_draw, plan_year, record_draw, release_year
from zhubao.loans.draws import PAYEE_OF
from zhubao.loans.models import Loan, Tranche
from zhubao.loans.opening import LoanTerms, Signer, open_loan
from zhubao.loans.states import JIANGXI, RUGAO, TONGLING
from zhubao.parameters import Parameter
from zhubao.people.actions import register_person, set_card
from zhubao.people.models import Person
from zhubao.programmes.actions import enter_figures
from zhubao.workflow import CITIZEN

COUNTY, VILLAGE = "320682", "320682108201"
SYSTEM = Actor.system("test")
PostOf = Callable[[str], Post]
# Test data: the lowest tier a month, and residents' tiers a year, fen.
TIERS = {2019: 60_000, 2020: 65_000, 2021: 70_000, 2022: 80_000, 2023: 80_000}
RESIDENT_TIERS = (10_000, 100_000, 300_000)


def at(year: int, month: int, day: int) -> datetime:
    """Nine in the morning of a day in the county."""
    return datetime(year, month, day, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def publish_figures() -> None:
    """Enter the county's tiers of 2019 to 2023."""
    entries = [figure("lowest_tier_monthly_fen", fen, year) for year, fen in TIERS.items()]
    entries += [figure("tier_yearly_fen", fen, year) for year in TIERS for fen in RESIDENT_TIERS]
    enter_figures(entries, actor=SYSTEM, now=at(2021, 1, 1))


def figure(name: str, fen: int, year: int) -> Parameter:
    """Return one figure of a whole year."""
    return Parameter(name, fen, "fen", COUNTY, date(year, 1, 1), date(year, 12, 31), source="试验数据", decided_by="test")


JIANGXI_TERMS = LoanTerms(
    signed_on=date(2021, 3, 1),
    years=5,
    grace_months=60,
    rate_ppm=38_500,
    method="pension_monthly",
    pension_month=date(2026, 7, 1),
    instalment_fen=53_500,
    subsidised_from=date(2021, 3, 1),
)
RUGAO_TERMS = LoanTerms(
    signed_on=date(2021, 3, 1),
    years=5,
    grace_months=60,
    repay_months=120,
    rate_ppm=49_000,
    method="pension_monthly",
    pension_month=date(2026, 3, 1),
)
TONGLING_TERMS = LoanTerms(
    signed_on=date(2021, 3, 1),
    years=5,
    grace_months=48,
    repay_months=12,
    rate_ppm=47_500,
    method="equal_instalment",
    pension_month=date(2026, 3, 1),
    principal_cap_fen=900_000,
    yearly_cap_fen=300_000,
    settlement="quarterly-20",
)
TERMS = {JIANGXI: JIANGXI_TERMS, RUGAO: RUGAO_TERMS, TONGLING: TONGLING_TERMS}


@dataclass
class Life:
    """A loan with the hands that move it. `by(role)` is the demonstration post of a role as an actor."""

    loan: Loan
    by: Callable[[str], Actor]

    def fresh(self) -> Loan:
        """The loan as the database has it."""
        return Loan.objects.get(pk=self.loan.pk)

    def plan(self, year: int, now: datetime | None = None, **more: Any) -> Tranche:
        """Fix a year's amount at the post that does."""
        role = Role.BANK_OFFICER if self.loan.policy_id == TONGLING else Role.AGENCY_ACCOUNTANT
        return plan_year(self.loan.pk, year, actor=self.by(role), now=now or at(year, 3, 1), **more)

    def release(self, tranche: Tranche, now: datetime | None = None) -> Tranche:
        """Release a draw at the post that does."""
        role = Role.BANK_REVIEWER if self.loan.policy_id == TONGLING else Role.AGENCY_APPROVER
        return release_year(tranche.pk, actor=self.by(role), now=now or at(tranche.year, 3, 2))

    def ready(self, year: int, **more: Any) -> Tranche:
        """Bring a year's draw to the point where the bank may pay out."""
        tranche = self.release(self.plan(year, **more))
        if self.loan.policy_id == JIANGXI:
            tranche = confirm_draw(tranche.pk, date(year, 3, 10), actor=self.by(Role.BANK_OFFICER), now=at(year, 3, 10))
        return tranche

    def draw(self, tranche: Tranche, on: date | None = None, fen: int | None = None, **more: Any) -> Tranche:
        """Pay a draw out on 10 March of its year, or on a day."""
        day = on or date(tranche.year, 3, 10)
        payee = more.pop("payee", PAYEE_OF[self.loan.policy_id])
        actor = more.pop("actor", None) or self.by(Role.BANK_OFFICER)
        now = more.pop("now", None) or at(day.year, day.month, day.day)
        amount = tranche.amount_fen if fen is None else fen
        return record_draw(tranche.pk, day, amount, payee, actor=actor, now=now, **more)

    def pay_in(self, tranche: Tranche, on: date | None = None, fen: int | None = None, receipt: str = "") -> Tranche:
        """Record the contribution of a draw, on the day of the draw unless told otherwise."""
        role = Role.AGENCY_ACCOUNTANT if self.loan.policy_id == RUGAO else Role.TAX_CLERK
        drawn = Tranche.objects.get(pk=tranche.pk)
        assert drawn.drawn_on is not None
        day = on or drawn.drawn_on
        amount = drawn.amount_fen if fen is None else fen
        number_ = receipt or f"{tranche.year}-{tranche.sequence}"
        return record_contribution(
            tranche.pk, number_, day, amount, actor=self.by(role), now=at(day.year, day.month, day.day) + timedelta(hours=1)
        )

    def year(self, year: int, **more: Any) -> Tranche:
        """Plan, release, pay out and pay in a year."""
        return self.pay_in(self.draw(self.ready(year, **more)))


def borrower(sequence: int = 44) -> Person:
    """Return a registered person with a card account at no bank yet."""
    return register_person(number("19730516", sequence), "王芳", region_code=COUNTY, actor=SYSTEM, now=at(2021, 1, 2))


def life_of(policy_id: str, post_of: PostOf, *, name: str = "L1", terms: LoanTerms | None = None, sequence: int = 44) -> Life:
    """Open a loan of a programme on 1 March 2021 and return it with the county's hands."""
    publish_figures()
    person = borrower(sequence)
    bank = post_of(Role.BANK_OFFICER).organisation
    account = f"62170000{person.pk:08d}"
    card = set_card(person.pk, bank.pk, account, starts_on=date(2021, 1, 1), actor=SYSTEM, now=at(2021, 1, 2))
    child = register_person(number("19980516", sequence), "王小明", region_code=COUNTY, actor=SYSTEM, now=at(2021, 1, 2))
    agreed = terms or TERMS[policy_id]

    def by(role: str) -> Actor:
        if role == CITIZEN:
            return Actor("王芳", VILLAGE, CITIZEN, user_id=post_of(Role.AUDITOR).user_id, person_id=person.pk)
        return post_of(role).actor()

    loan = open_loan(
        name,
        agreed,
        region_code=VILLAGE,
        policy_id=policy_id,
        case_number=f"case-{name}",
        person_id=person.pk,
        bank_id=bank.pk,
        agency_id=post_of(Role.AGENCY_APPROVER).organisation_id,
        card_account_id=None if policy_id == RUGAO else card.pk,
        signers=[Signer(child.pk, "child", date(2021, 3, 1))] if policy_id == TONGLING else [],
        actor=by(Role.BANK_OFFICER),
        now=at(2021, 3, 1),
    )
    return Life(loan, by)


def rows_of_everything() -> dict[str, list[str]]:
    """Return every row of the tables that a step may touch, so that a refusal can be seen to have changed nothing."""
    return rows_of("loans", "ledger", "tasks", "access_auditentry")


@contextmanager
def nothing_written() -> Iterator[None]:
    """Make sure that what is done inside leaves every row as it was."""
    before = rows_of_everything()
    yield
    assert rows_of_everything() == before


def another(actor: Actor, person: Actor) -> Actor:
    """Return an actor at the first one's post, but with the hands of the second."""
    return replace(actor, user_id=person.user_id, name=person.name)
