"""What comes once a year: Rugao's renewals in the fourth quarter, the verification of hardship, the statements of account."""

from datetime import date, datetime, timedelta
from functools import partial

from zhubao.access.roles import Role
from zhubao.cases.actions import renewal as renewals
from zhubao.cases.actions.signatures import Signature
from zhubao.cases.models import Case, Renewal
from zhubao.loans.models import VerificationCertifier, VerificationProposal
from zhubao.loans.models.verification import ProposalState
from zhubao.loans.statements.making import open_statement_run, yearly_period
from zhubao.loans.states import JIANGXI, RUGAO, TONGLING
from zhubao.loans.verification.deciding import accept_roster, confirm_all
from zhubao.loans.verification.rule import categories_of
from zhubao.loans.verification.running import open_run
from zhubao.people.bulk import enter_identity_rows
from zhubao.people.models import Identity, InsuredRecord
from zhubao.people.recording import record_insured
from zhubao.people.sealing import open_number
from zhubao.people.statements import INSURED_CONTENT, IdentityRow, InsuredStatement, Origin
from zhubao.programmes.selectors import area_of_region, parameter_book

from ..demonstration_cases.people import LISTS
from ..renewal_decided import decide_renewal, file_renewal, has_ended, withdraw_renewal
from ..statements_made import run_statements
from ..verification_run import run_verification
from .county import County

RENEWAL_MONTHS = (10, 11, 12)
# The month in which hardship is verified, and the one in which the year's statements are made.
VERIFIED_IN = {JIANGXI: 11, RUGAO: 1}
STATEMENTS_IN = {JIANGXI: 1, RUGAO: 10, TONGLING: 1}


def update_register(county: County, now: datetime) -> None:
    """Have the insurance register say how many months have been paid since it was last asked, before renewals and verification."""
    if county.policy == TONGLING or county.month.month not in {*RENEWAL_MONTHS, 1}:
        return
    last = county.month - timedelta(days=1)
    people = county.loans.filter(person__died_on=None).order_by().values("person_id")
    for known in InsuredRecord.objects.filter(person__in=people, superseded_at=None).order_by("pk"):
        months = (last.year - known.recorded_on.year) * 12 + last.month - known.recorded_on.month
        if months <= 0 or known.paid_months is None:
            continue
        said = {name: getattr(known, name) for name in INSURED_CONTENT} | {"paid_months": known.paid_months + months}
        statement = InsuredStatement(recorded_on=last, origin=Origin(f"参保登记 {last}"), **said)
        county.attempt(f"person:{known.person_id}", partial(record_insured, known.person_id, statement, actor=LISTS, now=now))


def file_renewals(county: County, now: datetime) -> None:
    """Have the committee file the renewals of loans that go on next year and still have months to pay."""
    if county.policy != RUGAO or county.month.month not in RENEWAL_MONTHS:
        return
    year = county.month.year + 1
    going_on = county.loans.filter(state="recorded", pension_month__gt=date(year, 1, 1), person__died_on=None)
    filed = Renewal.objects.filter(year=year).exclude(state="withdrawn").values("loan_number")
    for loan in going_on.exclude(number__in=filed):
        case = Case.objects.select_related("application", "person").get(number=loan.case_number)
        need = renewals.need_of(case, year, now.date(), now)
        if need is None or not need.amount_fen:
            continue
        take = partial(
            file_renewal,
            case.pk,
            year,
            category=case.application.category,
            asked_fen=need.amount_fen,
            signed_on=now.date(),
            request=county.request(f"file/{loan.number}"),
            actor=county.at(Role.COMMITTEE_MEMBER),
            now=now,
        )
        county.attempt(loan.number, take)


def review_renewals(county: County, now: datetime) -> None:
    """Have the committee write its opinion."""
    member = county.desk.at(Role.COMMITTEE_MEMBER) if county.policy == RUGAO else None
    for renewal in _renewals(county, "filed"):
        assert member is not None
        signature, request = Signature(member.name, True, now.date()), county.request(f"review/{renewal.pk}")
        take = partial(renewals.review, renewal.pk, agrees=True, signature=signature, request=request, actor=member, now=now)
        county.attempt(renewal.loan_number, take)


def propose_renewals(county: County, now: datetime) -> None:
    """Have the agency prepare the amounts."""
    for renewal in _renewals(county, "reviewed"):
        request, reviewer = county.request(f"propose/{renewal.pk}"), county.at(Role.AGENCY_REVIEWER)
        county.attempt(renewal.loan_number, partial(renewals.propose, renewal.pk, request=request, actor=reviewer, now=now))


def decide_renewals(county: County, now: datetime) -> None:
    """Have the agency grant them; one that the facts do not carry is suspended with the reason.

    What was filed for a loan that was repaid meanwhile is taken back.
    """
    for renewal in _renewals(county, "proposed"):
        county.attempt(renewal.loan_number, partial(_decide, county, renewal, now))


def _decide(county: County, renewal: Renewal, now: datetime) -> None:
    approver, request = county.at(Role.AGENCY_APPROVER), county.request(f"decide/{renewal.pk}")
    if has_ended(county.loans.get(number=renewal.loan_number)):
        intake = county.at(Role.AGENCY_INTAKE)
        withdraw_renewal(renewal.pk, reason="贷款已了结，不再续贷", request=request, actor=intake, now=now)
        return
    if renewal.amount_fen:
        decide_renewal(renewal.pk, "granted", request=request, actor=approver, now=now)
        return
    why = "次年不再需要缴费，停止放款"
    decide_renewal(renewal.pk, "suspended", because="other", reason=why, request=request, actor=approver, now=now)


def _renewals(county: County, state: str) -> list[Renewal]:
    if county.policy != RUGAO:
        return []
    found = Renewal.objects.filter(state=state, loan_number__in=county.loans.order_by().values("number"))
    return list(found.order_by("pk"))


def hand_in_rosters(county: County, now: datetime) -> None:
    """Have the departments hand in their complete lists before the verification: everybody whose hardship stands."""
    if VERIFIED_IN.get(county.policy) != county.month.month:
        return
    today = now.date()
    categories = categories_of(county.policy, today, area_of_region(county.code), parameter_book())
    by_department: dict[str, set[str]] = {}
    for category in categories:
        for certifier in category.certifiers:
            by_department.setdefault(certifier, set()).add(category.code)
    for certifier, codes in sorted(by_department.items()):
        standing = Identity.objects.in_force(today).filter(
            certifier=certifier, category__in=codes, region_code__startswith=county.code, withdrawn_at=None
        )
        rows = [
            IdentityRow(
                open_number(each.person), each.person.name, each.category, row, "", each.starts_on, each.ends_on, each.certificate
            )
            for row, each in enumerate(standing.select_related("person").order_by("pk"), 2)
        ]
        take = partial(
            enter_identity_rows,
            rows,
            region_code=county.code,
            certifier=certifier,
            origin=Origin(f"完整名册 {today}", f"list:{county.code}/{today:%y%m%d}/{certifier}"[:40]),
            listed_on=today,
            complete=codes,
            actor=LISTS,
            now=now,
        )
        county.attempt(f"list:{certifier}", take)


def verify_hardship(county: County, now: datetime) -> None:
    """Have the agency match every loan with the lists."""
    if VERIFIED_IN.get(county.policy) == county.month.month:
        accountant = county.at(Role.AGENCY_ACCOUNTANT)

        def take() -> None:
            run = open_run(county.code, county.policy, _verified_year(county), actor=accountant, now=now)
            run_verification(run.pk, clock=lambda: now)

        county.attempt("verification", take)


def confirm_verification(county: County, now: datetime) -> None:
    """Have the approving officer confirm what was found, with a word on lists that cost many people."""
    if VERIFIED_IN.get(county.policy) != county.month.month:
        return
    approver = county.at(Role.AGENCY_APPROVER)
    open_ones = VerificationProposal.objects.open().filter(
        region_code__startswith=county.code, year=_verified_year(county), run__policy_id=county.policy
    )
    for run_id in open_ones.order_by("run_id").values_list("run_id", flat=True).distinct():
        found = open_ones.filter(run_id=run_id, state=ProposalState.PROPOSED).order_by("pk")
        keys = list(found.values_list("pk", flat=True))
        for department in VerificationCertifier.objects.filter(run_id=run_id, suspicious=True, accepted_at=None):
            why = "已与部门核对，名册属实"
            county.attempt("verification", partial(accept_roster, run_id, department.certifier, why, actor=approver, now=now))
        county.attempt("verification", partial(confirm_all, run_id, keys, actor=approver, clock=lambda: now))


def _verified_year(county: County) -> int:
    return county.month.year - (1 if county.policy == RUGAO else 0)


def make_statements(county: County, now: datetime) -> None:
    """Have the statements of the year that is over made, and every borrower told."""
    if STATEMENTS_IN[county.policy] != county.month.month:
        return
    year = county.month.year if county.policy == RUGAO else county.month.year - 1
    assert yearly_period(county.policy, year)[1] < now.date()
    run = open_statement_run(county.policy, year, actor=county.at(Role.AGENCY_ACCOUNTANT), now=now)
    run_statements(run.pk, clock=lambda: now)
