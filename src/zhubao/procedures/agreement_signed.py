"""An agreement was signed at the bank: the case ends, and in Jiangxi and Tongling the loan begins in the same transaction.

A Rugao loan begins when its borrower is put on the bank's roster (`roster_handed_over`), except on the final-year route.
"""

from datetime import date, datetime

from django.db import transaction

from zhubao.access.actors import Actor
from zhubao.cases.actions.bank import sign
from zhubao.cases.contract import RUGAO, TONGLING, Terms
from zhubao.cases.models import Agreement, Case, Decision, Estimate
from zhubao.cases.models.case import Route
from zhubao.cases.models.review import DecisionKind, Outcome
from zhubao.cases.promises import Promises
from zhubao.cases.stepping import Request
from zhubao.loans.models import Loan
from zhubao.loans.opening import LoanTerms, Signer, open_loan
from zhubao.people.selectors import card_account


@transaction.atomic
def sign_agreement(
    case_id: int, number: str, signed_on: date, promises: Promises, *, request: Request, actor: Actor, now: datetime
) -> Case:
    """Record the signed agreement and open its loan; raise what `cases.actions.bank.sign` and `loans.opening.open_loan` raise."""
    case = sign(case_id, number, signed_on, promises, request=request, actor=actor, now=now)
    if case.policy_id != RUGAO or case.route == Route.FINAL_YEAR:
        open_loan_of(case, actor=actor, now=now)
    return case


@transaction.atomic
def open_loan_of(case: Case, *, actor: Actor, now: datetime) -> Loan:
    """Open the loan of a case whose agreement is signed, or return it."""
    agreement = Agreement.objects.get(case=case)
    card = card_account(case.person, agreement.bank_id)
    signers = [
        Signer(each.person_id, each.relation, each.consented_on, capable=each.capable)
        for each in case.co_borrowers.exclude(consented_on=None).filter(refused_because="")
        if each.consented_on is not None
    ]
    assert case.agency_id is not None, case
    return open_loan(
        loan_number(case),
        _terms(case, agreement),
        region_code=case.region_code,
        policy_id=case.policy_id,
        case_number=case.number,
        person_id=case.person_id,
        bank_id=agreement.bank_id,
        agency_id=case.agency_id,
        card_account_id=card.pk if card else None,
        signers=signers,
        actor=actor,
        now=now,
    )


def loan_number(case: Case) -> str:
    """Return the number of the loan of a case: the case's with an L before it."""
    return f"L{case.number}"


def subsidised_from(case: Case, agreement: Agreement) -> date | None:
    """Return the day from which government bears the interest: none in Tongling and without a granted subsidy.

    In Rugao every borrower is subsidised before the pension (rg-13a); in Jiangxi the second decision says so (jx-annex-2b), from the
    signing on unless it names a later day.
    """
    if case.policy_id == TONGLING:
        return None
    if case.policy_id == RUGAO:
        return agreement.signed_on
    decided = Decision.objects.filter(case=case, kind=DecisionKind.SUBSIDY).last()
    if decided is None or decided.outcome != Outcome.GRANTED:
        return None
    return max(decided.effective_from or agreement.signed_on, agreement.signed_on)


def pension_month(case: Case) -> date:
    """Return the first month of pension the loan is planned for: the agency's opinion, else its estimate for the bank."""
    opinion = Decision.objects.filter(case=case, kind=DecisionKind.LOAN).exclude(pension_month=None).last()
    if opinion is not None and opinion.pension_month is not None:
        return opinion.pension_month
    estimate = Estimate.objects.filter(case=case).last()
    assert estimate is not None, case
    return estimate.pension_month


def _terms(case: Case, agreement: Agreement) -> LoanTerms:
    agreed = Terms(**{name: getattr(agreement, name) for name in Terms.__dataclass_fields__})
    first = pension_month(case)
    return LoanTerms(
        signed_on=agreement.signed_on,
        years=agreed.years,
        grace_months=agreed.grace_months or _months_between(agreement.signed_on, first),
        rate_ppm=agreed.rate_ppm,
        method=agreed.method,
        pension_month=first,
        repay_months=agreed.repay_months or None,
        principal_cap_fen=agreed.amount_fen,
        yearly_cap_fen=agreed.yearly_fen if case.policy_id == TONGLING else None,
        instalment_fen=agreed.instalment_fen,
        day_count=agreed.day_count,
        settlement=agreed.settlement,
        basic_pension_agreed_on=agreed.basic_pension_agreed_on,
        subsidised_from=subsidised_from(case, agreement),
        back_payment=case.route == Route.BACK_PAYMENT,
    )


def _months_between(day: date, month: date) -> int:
    return max(0, (month.year - day.year) * 12 + month.month - day.month)
