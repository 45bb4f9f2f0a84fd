"""A signed agreement becomes a loan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.models import Organisation
from zhubao.access.roles import BANK_ROLES, OrganisationKind
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.lending import Setting, Terms
from zhubao.lending.days import months_later
from zhubao.lending.events import ceiling_set, certified, rate_set
from zhubao.people.models import CardAccount, Person
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import parameter_book

from .models import Loan, LoanSigner, TermsSetting
from .rates import published_name, published_rate, require_rate
from .replaying import outcome, terms_of
from .states import OPENING_POSTS, process_of, ways_of
from .stepping import Step, add_event, finish

MOST_MONTHS, MOST_GRACE, MOST_REPAYMENT, MAJORITY = 180, 60, 120, 18


@dataclass(frozen=True)
class Signer:
    """A registered person who signs beside the borrower; `relation` is child or guarantor."""

    person_id: int
    relation: str
    consents_on: date
    capable: bool = True


@dataclass(frozen=True)
class LoanTerms:
    """What was agreed. Money in fen, rate in ppm a year.

    `yearly_cap_fen` and `principal_cap_fen`: agreed limits a year and in all (None = the document's own). `rate_decision`: the city's
    recorded decision for a Rugao rate below the benchmark. `settings`: conventions of interest and repayment that were settled.
    """

    signed_on: date
    years: int
    grace_months: int
    rate_ppm: int
    method: str
    pension_month: date
    repay_months: int | None = None
    principal_cap_fen: int | None = None
    yearly_cap_fen: int | None = None
    instalment_fen: int | None = None
    day_count: str = "act360"
    settlement: str = "yearly-12-20"
    basic_pension_agreed_on: date | None = None
    subsidised_from: date | None = None
    back_payment: bool = False
    rate_decision: str = ""
    settings: tuple[Setting, ...] = ()


@implements("jx-2.1a", "tl-3.1a", "tl-3.1b", "tl-3.1c", as_="action")
@transaction.atomic
def open_loan(
    number: str,
    terms: LoanTerms,
    *,
    region_code: str,
    policy_id: str,
    case_number: str,
    person_id: int,
    bank_id: int,
    agency_id: int,
    card_account_id: int | None = None,
    signers: Sequence[Signer] = (),
    actor: Actor,
    now: datetime,
) -> Loan:
    """Open the loan of a signed agreement, or return the one of this number when it is the same agreement's.

    Raise OutOfScope, E-LOAN-NUMBER for a number of another case, E-LOAN-FIELD naming what the agreement lacks, E-LOAN-CEILING and
    E-LOAN-BENCHMARK for the rate, E-LOAN-TERM (Rugao), E-LOAN-SIGNER (Tongling), E-LOAN-CARD without a card account of the borrower
    at the bank, E-TERMS-… for conventions.
    """
    row = process_of(policy_id).transition("open_loan")
    actor.require_role(*OPENING_POSTS)
    actor.require_region(region_code)
    if actor.role in BANK_ROLES and actor.organisation_id != bank_id:
        raise OutOfScope(number, Text("由别的单位办理", "another office deals with this"))
    standing = Loan.objects.filter(number=number).first()
    if standing is not None:
        return _same(standing, case_number, person_id, back_payment=terms.back_payment)
    if Loan.objects.filter(case_number=case_number, back_payment=terms.back_payment).exists():
        raise ZhubaoError(
            "E-LOAN-NUMBER", Text("该申请已有一笔这样的贷款", "the application has such a loan already"), place=case_number
        )
    _require_offices(bank_id, agency_id)
    _require_terms(number, policy_id, terms, signers)
    _require_card(number, policy_id, person_id, bank_id, card_account_id)
    loan = Loan.objects.create(
        region_code=region_code,
        number=number,
        case_number=case_number,
        policy_id=policy_id,
        person_id=person_id,
        bank_id=bank_id,
        agency_id=agency_id,
        back_payment=terms.back_payment,
        state=row.ends[0],
        state_since=now,
        signed_on=terms.signed_on,
        principal_cap_fen=terms.principal_cap_fen,
        yearly_cap_fen=terms.yearly_cap_fen,
        years=terms.years,
        grace_months=terms.grace_months,
        repay_months=terms.repay_months,
        rate_ppm=terms.rate_ppm,
        day_count=terms.day_count,
        settlement=terms.settlement,
        method=terms.method,
        instalment_fen=terms.instalment_fen,
        basic_pension_agreed_on=terms.basic_pension_agreed_on,
        subsidised_from=terms.subsidised_from,
        card_account_id=card_account_id,
        pension_month=terms.pension_month.replace(day=1),
        opened_at=now,
    )
    for setting in terms.settings:
        TermsSetting.objects.create(
            loan=loan,
            name=setting.name,
            value=str(setting.value).lower() if isinstance(setting.value, bool) else str(setting.value),
            effective_from=setting.effective_from,
            effective_to=setting.effective_to,
            decided_by=setting.decided_by,
        )
    for signer in signers:
        _add_signer(loan, signer)
    step = Step(loan, None, row, f"open/{number}", "", actor, now, done=False)
    _first_events(loan, terms_of(loan).terms, terms.rate_decision, actor=actor, now=now)
    outcome(loan, terms.signed_on)
    return finish(step, on=terms.signed_on, case=case_number, rate_ppm=loan.rate_ppm)


def _same(loan: Loan, case_number: str, person_id: int, *, back_payment: bool) -> Loan:
    if (loan.case_number, loan.person_id, loan.back_payment) != (case_number, person_id, back_payment):
        raise ZhubaoError("E-LOAN-NUMBER", Text("编号已用于另一笔贷款", "the number belongs to another loan"), place=loan.number)
    return loan


def _require_offices(bank_id: int, agency_id: int) -> None:
    for pk, kind in ((bank_id, OrganisationKind.BANK), (agency_id, OrganisationKind.AGENCY)):
        if not Organisation.objects.filter(pk=pk, kind=kind).exists():
            raise ZhubaoError("E-LOAN-FIELD", Text("没有这个单位", "there is no such office"), place=f"{kind.value} {pk}")


def _require_terms(number: str, policy_id: str, terms: LoanTerms, signers: Sequence[Signer]) -> None:
    """Refuse an agreement that lacks a field, or that the document does not allow."""
    ways = ways_of(policy_id)
    if terms.back_payment and not ways.back_payment:
        raise _field(number, Text("本流程没有补缴贷款", "this programme has no back-payment loan"))
    needed = {
        "years": terms.years > 0,
        "rate_ppm": terms.rate_ppm > 0,
        "method": bool(terms.method.strip()),
        "principal_cap_fen": terms.principal_cap_fen is not None or ways.capped,
    }
    for name, there in needed.items():
        if not there:
            raise _field(f"{number} {name}", Text("协议缺这一项", "the agreement lacks this"))
    if ways.term_limited:
        _require_rugao_term(number, terms)
    if ways.signed_with and not signers:
        raise ZhubaoError(
            "E-LOAN-SIGNER",
            Text("须有一名子女共同借款；无子女的须有担保人", "a child signs too, or a guarantor where there is none"),
            place=number,
        )


@implements("rg-9a", "rg-9b", "rg-9c", as_="action")
def _require_rugao_term(number: str, terms: LoanTerms) -> None:
    """Refuse more than 60 months before the pension, 120 of repayment, or 180 in all."""
    repay = terms.repay_months or 0
    if not 0 < repay <= MOST_REPAYMENT or terms.grace_months > MOST_GRACE or terms.grace_months + repay > MOST_MONTHS:
        raise ZhubaoError(
            "E-LOAN-TERM",
            Text(
                f"宽限期不超过 {MOST_GRACE} 个月，偿还期不超过 {MOST_REPAYMENT} 个月，合计不超过 {MOST_MONTHS} 个月",
                f"at most {MOST_GRACE} months of grace, {MOST_REPAYMENT} of repayment, {MOST_MONTHS} in all",
            ),
            place=number,
        )


@implements("tl-3.4a", as_="action")
def _require_card(number: str, policy_id: str, person_id: int, bank_id: int, card_account_id: int | None) -> None:
    """Refuse a loan paid by card without a current card account of the borrower at the lending bank."""
    mine = CardAccount.objects.filter(pk=card_account_id or 0, person_id=person_id, bank_id=bank_id, ends_on=None)
    if ways_of(policy_id).by_card and not mine.exists():
        raise ZhubaoError(
            "E-LOAN-CARD",
            Text("没有借款人在该行的社保卡账户", "the borrower has no card account at this bank"),
            place=number,
            remedy=Text("先登记社保卡金融账户", "record the card account first"),
        )


def _first_events(loan: Loan, terms: Terms, rate_decision: str, *, actor: Actor, now: datetime) -> None:
    book = parameter_book()
    require_rate(loan, terms, book, lower_by=rate_decision)
    if ways_of(loan.policy_id).rate == "lpr_ceiling":
        ceiling = published_rate(loan, terms, loan.signed_on, book)
        name = published_name(loan, terms)
        add_event(loan, f"ceiling:{loan.signed_on}", ceiling_set(loan.signed_on, ceiling), name, actor=actor, now=now)
    add_event(loan, "rate", rate_set(loan.signed_on, loan.rate_ppm), rate_decision or loan.number, actor=actor, now=now)
    if loan.subsidised_from is not None:
        add_event(loan, "subsidised", certified(loan.subsidised_from), loan.case_number, actor=actor, now=now)


def _add_signer(loan: Loan, signer: Signer) -> None:
    """Keep a signer; E-LOAN-SIGNER for one not of age or incapable, for the borrower, and for a consent after the signing."""
    person = Person.objects.get(pk=signer.person_id)
    of_age = months_later(person.born, 12 * MAJORITY) <= loan.signed_on
    if not (of_age and signer.capable) or person.pk == loan.person_id or signer.consents_on > loan.signed_on:
        raise ZhubaoError(
            "E-LOAN-SIGNER",
            Text(
                "共同借款人或担保人须另有其人、成年、有行为能力，签约前同意",
                "a signer is another person, of age, capable, and consents before the signing",
            ),
            place=f"{loan.number} {person.masked_name}",
        )
    LoanSigner.objects.create(loan=loan, person=person, relation=signer.relation, consents_on=signer.consents_on)


def _field(place: str, problem: Text) -> ZhubaoError:
    return ZhubaoError("E-LOAN-FIELD", problem, place=place)
