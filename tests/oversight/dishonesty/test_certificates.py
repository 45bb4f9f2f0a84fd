"""The same certificate number in the forms of two people is shown to those who examine; it finds nobody guilty."""

import pytest

from tests.cases.offices import ask, start_programmes
from tests.loans.lives import COUNTY, SYSTEM, PostOf, at
from tests.people.tables import number
from zhubao.access.roles import Role
from zhubao.cases.actions.intake import open_case
from zhubao.cases.models import Application, Case
from zhubao.oversight.dishonesty.selectors import SharedCertificate, shared_certificates
from zhubao.people.actions import register_person


def form_with(certificate: str, sequence: int, post_of: PostOf) -> Case:
    """Open an application whose form gives a certificate number."""
    now = at(2024, 6, 3)
    person = register_person(number("19730516", sequence), "王芳", region_code=COUNTY, actor=SYSTEM, now=now)
    clerk = post_of(Role.AGENCY_INTAKE).actor()
    case = open_case(person, "rugao-draft", channel="counter", request=ask(), actor=clerk, now=now)
    Application.objects.filter(case=case).update(certificate=certificate)
    return case


@pytest.mark.clauses("rg-23b")
def test_a_certificate_of_two_people_is_shown_and_one_of_one_person_is_not(post_of: PostOf) -> None:
    start_programmes(COUNTY)
    first, second = form_with("苏低保 0017", 44, post_of), form_with("苏低保 0017", 46, post_of)
    form_with("苏低保 0018", 48, post_of)
    form_with("", 50, post_of)
    reviewer = post_of(Role.AGENCY_REVIEWER).actor()
    assert shared_certificates(reviewer) == [SharedCertificate("苏低保 0017", (first.number, second.number))]
    assert shared_certificates(post_of(Role.AUDITOR).actor()) == shared_certificates(reviewer)
