"""Who may see and hand in what: a county its own, a department its own files, nobody another region's."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from zhubao.access.actions import add_organisation, add_region, add_user, open_post
from zhubao.access.models import AuditEntry
from zhubao.access.roles import OrganisationKind, Role
from zhubao.rosters.models import RosterFile, Screening

from .conftest import PASSWORD, SYSTEM, Office

Rosters = dict[str, tuple[str, bytes]]


@pytest.fixture
def stranger(db: None) -> Client:
    """Return a client signed in at the agency of another county."""
    now = timezone.now()
    region = add_region("360102", "东湖区", actor=SYSTEM, now=now)
    agency = add_organisation(region, OrganisationKind.AGENCY, "东湖区经办机构", actor=SYSTEM, now=now)
    user = add_user("stranger", "外县", PASSWORD, actor=SYSTEM, now=now)
    open_post(user, agency, Role.AGENCY_REVIEWER, actor=SYSTEM, now=now)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def screened(office: Office, rosters: Rosters, work: Callable[[], int]) -> Screening:
    """Hand in everything and screen it."""
    office.hand_in(*rosters.values())
    work()
    chosen = [file.pk for file in RosterFile.objects.all()]
    office.client.post("/clerk/screenings/new/", {"policy": "pengshui-2022", "on": "2022-03-01", "chosen": chosen})
    work()
    return Screening.objects.get()


def addresses(screening: Screening) -> list[str]:
    """Return every page and file of a screening."""
    here = f"/clerk/screenings/{screening.pk}/"
    return [
        *(here, f"{here}progress/", f"{here}list.xlsx", f"{here}people/1/"),
        *(f"{here}files/result.{tail}" for tail in ("xlsx", "csv", "rejected.xlsx", "differences.xlsx", "mapping.json")),
    ]


def test_another_county_sees_nothing(
    offices: dict[str, Office], stranger: Client, rosters: Rosters, work: Callable[[], int], lowest_tier: None
) -> None:
    screening = screened(offices["agency"], rosters, work)
    pages = [*addresses(screening), f"/clerk/rosters/{RosterFile.objects.first().pk}/"]
    assert {stranger.get(page).status_code for page in pages} == {403}
    assert stranger.post(f"/clerk/screenings/{screening.pk}/people/1/identity/").status_code == 403
    assert stranger.post(f"/clerk/screenings/{screening.pk}/search/", {"search": "冉"}).status_code == 403
    assert "民政低保" not in stranger.get("/clerk/rosters/").content.decode()
    assert AuditEntry.objects.filter(action="access.refused").count() == len(pages) + 2


def test_own_county_sees_everything(
    offices: dict[str, Office], rosters: Rosters, work: Callable[[], int], lowest_tier: None
) -> None:
    screening = screened(offices["agency"], rosters, work)
    answers = {page: offices["agency"].client.get(page).status_code for page in addresses(screening)}
    assert set(answers.values()) == {200, 204}, answers


def test_files_of_another_county_cannot_be_screened(
    offices: dict[str, Office], stranger: Client, rosters: Rosters, work: Callable[[], int]
) -> None:
    offices["agency"].hand_in(rosters["dibao"])
    work()
    asked = {"policy": "jiangxi-2020-7", "on": "2022-03-01", "chosen": [RosterFile.objects.get().pk]}
    stranger.post("/clerk/screenings/new/", asked)
    assert not Screening.objects.exists()


@pytest.mark.parametrize("name", ["civil", "federation"])
def test_a_department_sees_its_own_files_only(
    offices: dict[str, Office], rosters: Rosters, work: Callable[[], int], name: str
) -> None:
    own = {"civil": "dibao", "federation": "disabled"}
    for each, kind in own.items():
        offices[each].hand_in(rosters[kind])
    work()
    office = offices[name]
    listed = office.client.get("/clerk/rosters/").content.decode()
    assert [title for title in ("民政低保.csv", "残疾人名册.csv") if title in listed] == [rosters[own[name]][0]]
    for file in RosterFile.objects.all():
        wanted = 200 if file.organisation_id == office.post.organisation_id else 403
        assert office.client.get(f"/clerk/rosters/{file.pk}/").status_code == wanted
    assert office.client.get("/clerk/screenings/").status_code == 403
    assert "民政低保.csv" in offices["agency"].client.get("/clerk/rosters/").content.decode()


def test_other_posts_do_not_get_in(offices: dict[str, Office], rosters: Rosters) -> None:
    finance = offices["finance"]
    assert finance.client.get("/clerk/rosters/").status_code == 403
    assert finance.hand_in(rosters["dibao"]).status_code == 403
    assert finance.client.get("/clerk/screenings/").status_code == 403
    assert not RosterFile.objects.exists()


@pytest.mark.parametrize("page", ["/clerk/rosters/", "/clerk/screenings/", "/clerk/screenings/new/", "/clerk/rosters/1/"])
def test_nobody_is_sent_to_sign_in(db: None, page: str) -> None:
    answer = Client().get(page)
    assert (answer.status_code, answer.headers["Location"].startswith("/sign-in/")) == (302, True)


@pytest.mark.parametrize("page", ["/clerk/rosters/99/", "/clerk/screenings/99/", "/clerk/screenings/99/people/1/"])
def test_what_is_not_there_is_not_found(offices: dict[str, Office], page: str) -> None:
    assert offices["agency"].client.get(page).status_code == 404
