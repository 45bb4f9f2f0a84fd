"""The township over its villages: numbers, late ones, masked names; nothing of another township, no step but an objection."""

from typing import Any

import pytest

from tests.cases.lives import applicant, at, handed_in, post, reviewed
from tests.cases.offices import Offices, citizen
from zhubao.access.models import Organisation, Region
from zhubao.access.roles import OrganisationKind, Role
from zhubao.cases.models import Case, Objection

from .conftest import Clock, desk, form_of

pytestmark = pytest.mark.django_db


def clerk(offices: Offices) -> Any:
    return desk(offices, Role.TOWNSHIP_CLERK)


def neighbour(code: str, name: str) -> Organisation:
    """Open a committee elsewhere."""
    for part in (code[:9], code):
        Region.objects.get_or_create(code=part, defaults={"name": part})
    return Organisation.objects.create(region_id=code, kind=OrganisationKind.COMMITTEE, name=name)


def test_the_villages_on_one_line_each(rugao: Offices, clock: Clock) -> None:
    handed_in(rugao, applicant(1))
    post(rugao, reviewed(rugao, applicant(2)))
    quiet = neighbour("320682108202", "石桥村村委会")
    far = neighbour("320682109201", "磨桥村村委会")
    clock(at("2026-10-30"))  # five working days after the 8th are long over
    client = clerk(rugao)
    page = client.get("/village/township/").content.decode()
    assert (quiet.name in page, far.name in page) == (True, False)
    assert "<b>2</b>applications in hand" in page
    assert "<b>1</b>late at a committee" in page
    assert "<b>1</b>notices hang" in page
    village = Organisation.objects.get(kind=OrganisationKind.COMMITTEE, region_id="320682108201")
    assert village.name in page
    people = client.get(f"/village/township/{village.pk}/").content.decode()
    assert people.count("陈**") == 2
    assert "陈桂芳" not in people
    assert client.get(f"/village/township/{village.pk}/?what=hanging").content.decode().count("陈**") == 1
    assert client.get(f"/village/township/{far.pk}/").status_code == 403


def test_the_overview_takes_as_many_queries_for_many_villages(rugao: Offices, django_assert_max_num_queries: Any) -> None:
    for number in range(202, 212):
        neighbour(f"320682108{number}", f"{number}村")
    client = clerk(rugao)
    with django_assert_max_num_queries(14):
        client.get("/village/township/")


def test_the_township_records_an_objection_and_nothing_else(rugao: Offices) -> None:
    case = reviewed(rugao, applicant())
    notice = post(rugao, case)
    client = clerk(rugao)
    assert client.get(f"/village/notices/{notice.pk}/").status_code == 200
    assert client.post(f"/village/notices/{notice.pk}/down/", {"on": "2026-10-17"}).status_code == 403
    assert client.get("/village/notices/new/").status_code == 403
    address = f"/village/cases/{case.number}/object/"
    said = {"by_name": "吴国平", "said": "家里有店面"}
    assert client.post(address, {**form_of(client, address), **said}).status_code == 302
    assert (Objection.objects.get().by_name, Case.objects.get().state) == ("吴国平", "objection")
    assert client.get(f"/village/cases/{case.number}/investigate/").status_code == 403
    assert "陈**" in client.get("/village/list/objections/").content.decode()


def test_the_applicant_never_sees_who_objected(rugao: Offices) -> None:
    from django.test import Client

    from zhubao.access.models import User

    case = reviewed(rugao, applicant())
    post(rugao, case)
    client = clerk(rugao)
    address = f"/village/cases/{case.number}/object/"
    client.post(address, {**form_of(client, address), "by_name": "吴国平", "contact": "13911112222", "said": "家里有店面"})
    own = Client()
    own.force_login(User.objects.get(pk=citizen(case.person).user_id or 0), backend="django.contrib.auth.backends.ModelBackend")
    pages = ["/citizen/", *(f"/{part}/{case.number}/" for part in ("citizen", "village/cases", "cases"))]
    for page in pages:
        shown = own.get(page, follow=True).content.decode()
        assert ("吴国平" in shown, "13911112222" in shown) == (False, False)


def test_a_neighbouring_committee_sees_nothing(rugao: Offices) -> None:
    case = reviewed(rugao, applicant())
    notice = post(rugao, case)
    other = neighbour("320682108202", "石桥村村委会")
    Case.objects.update(committee=other)
    type(notice).objects.update(committee=other)
    client = desk(rugao, Role.COMMITTEE_MEMBER)
    for address in (
        f"/village/cases/{case.number}/",
        f"/village/notices/{notice.pk}/",
        f"/village/notices/{notice.pk}/notice.pdf",
    ):
        assert client.get(address).status_code == 403
    assert "陈**" not in client.get("/village/list/hanging/").content.decode()
