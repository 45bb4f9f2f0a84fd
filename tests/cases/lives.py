"""Lives of Rugao applicants a clerk could check, and the way of a case up to a day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.people.tables import SYSTEM, number
from zhubao.access.roles import OrganisationKind, Role
from zhubao.cases.actions import committee, intake, rugao
from zhubao.cases.actions.signatures import Signature
from zhubao.cases.models import Case, PublicNotice
from zhubao.demonstration.parameters import demonstration_parameters_for
from zhubao.people.actions import register_person
from zhubao.people.models import Person
from zhubao.people.recording import certify, note_circumstance, record_insured
from zhubao.people.statements import IdentityStatement, InsuredStatement, Origin
from zhubao.programmes.actions import enter_figures

from .offices import Offices, ask

VILLAGE = "320682108201"
REGISTER = Origin("参保登记 2026-09-30")
FORM: dict[str, Any] = {
    "phone": "13900000001",
    "category": "dibao",
    "months_asked": 30,
    "inability_declared_on": date(2026, 10, 8),
    "truth_declared_on": date(2026, 10, 8),
    "sharing_agreed_on": date(2026, 10, 8),
    "signed_on": date(2026, 10, 8),
    "signed_how": "paper",
}


def at(day: str, hour: int = 9) -> datetime:
    """Return an hour of a day in China: ``at("2026-10-09")`` is nine in the morning."""
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC) - timedelta(hours=8)


def figures() -> None:
    """Enter the marked demonstration figures: the lowest tier of 2026 is 1 020 yuan a month."""
    enter_figures(demonstration_parameters_for("rugao"), actor=SYSTEM, now=at("2026-09-01"))


def applicant(
    serial: int = 42,
    *,
    born: str = "19730516",
    paid: int = 150,
    deemed: int | None = None,
    certificate: str = "皋低保0017",
    listed: bool = True,
    subsidised: tuple[str, str] | None = None,
    region_code: str = VILLAGE,
) -> Person:
    """Register a woman of Xintang village who retires at 55 under the reform: born 1973-05-16, her pension begins in 2029-05.

    On 2026-10 she has 31 months to go; 150 months paid leave 30 months to fifteen years. `subsidised`: first and last month of
    the social insurance subsidy; none otherwise, as the employment office says.
    """
    now = at("2026-09-30")
    person = register_person(
        number(born, serial), "陈桂芳", region_code=region_code, hukou_code="320682", hukou_source="户口簿",
        residence_code="320682", actor=SYSTEM, now=now,
    )  # fmt: skip
    record_insured(
        person.pk,
        InsuredStatement(
            "employee_pension", date(2026, 9, 30), REGISTER, participation_type="flexible", insured_area="320682",
            paid_months=paid, deemed_months=deemed or 0, deemed_confirmed=None if deemed else True,
            retirement_category="female55", receiving_pension=False,
        ),
        actor=SYSTEM, now=now,
    )  # fmt: skip
    if listed:
        statement = IdentityStatement("dibao", "civil_affairs", Origin("低保名册"), date(2026, 1, 1), certificate=certificate)
        certify(person.pk, statement, actor=SYSTEM, now=now)
    source = Origin("社保补贴名册")
    if subsidised is None:
        note_circumstance(person.pk, "subsidised", source, value=0, actor=SYSTEM, now=now)
    else:
        first, last = (date.fromisoformat(day) for day in subsidised)
        note_circumstance(person.pk, "subsidised", source, starts_on=first, ends_on=last, actor=SYSTEM, now=now)
    return person


def handed_in(offices: Offices, person: Person, day: str = "2026-10-08", **form: Any) -> Case:
    """Have the committee's second member take an application in."""
    member, now = offices.at(Role.COMMITTEE_MEMBER, other=True), at(day, 8)
    case = intake.open_case(person, "rugao-draft", channel="village", request=ask(), actor=member, now=now)
    values = {**FORM, "committee": offices.office(OrganisationKind.COMMITTEE).pk, **form}
    intake.fill_application(case.pk, values, actor=member, now=now)
    return intake.submit(case.pk, request=ask(), actor=member, now=now)


def reviewed(offices: Offices, person: Person, day: str = "2026-10-08", **form: Any) -> Case:
    """Have the first review pass on the day of filing."""
    case = handed_in(offices, person, day, **form)
    member = offices.at(Role.COMMITTEE_MEMBER)
    return committee.first_review(case.pk, passed=True, request=ask(), actor=member, now=at(day))


def post(offices: Offices, *cases: Case, day: str = "2026-10-09") -> PublicNotice:
    """Post a notice for cases on a day."""
    member = offices.at(Role.COMMITTEE_MEMBER)
    keys = [case.pk for case in cases]
    return committee.post_notice(keys, place="村委会公示栏", phone="0513-80000001", request=ask(), actor=member, now=at(day))


def signed(offices: Offices, person: Person, day: str = "2026-10-17", **form: Any) -> Case:
    """Bring a case to the agency: posted on Friday 2026-10-09, signed on the eighth day after."""
    case = reviewed(offices, person, **form)
    post(offices, case)
    return sign(offices, case, day)


def sign(offices: Offices, case: Case, day: str, *, other: bool = False, **more: Any) -> Case:
    """Have a member sign the opinion on a day."""
    values = {"category": "dibao", "signature": Signature("丁桂兰", True, date.fromisoformat(day)), **more}
    member = offices.at(Role.COMMITTEE_MEMBER, other)
    return committee.sign_opinion(case.pk, request=ask(), actor=member, now=at(day), **values)


def proposed(offices: Offices, person: Person, day: str = "2026-10-19", **form: Any) -> Case:
    """Have the agency's reviewer prepare the opinion."""
    case = signed(offices, person, **form)
    return rugao.propose(case.pk, request=ask(), actor=offices.at(Role.AGENCY_REVIEWER), now=at(day))
