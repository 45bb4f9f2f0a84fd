"""Citizens of three counties with accounts, signed in, on a day of the fourth quarter."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.cases.loan_lives import cooperate
from tests.cases.offices import JIANGXI_COUNTY, NOW, RUGAO_COUNTY, TONGLING_COUNTY, Offices, open_offices
from tests.conftest import PASSWORD
from tests.people.tables import chen, shen
from zhubao.access.models import AuditEntry, User
from zhubao.access.roles import OrganisationKind
from zhubao.cases.models import Attachment, Case, FamilyMember, Step
from zhubao.people.models import CitizenAccount, Identity, InsuredRecord, Person

JIANGXI, RUGAO, TONGLING = "jiangxi-2020-7", "rugao-draft", "tongling-2022-13"
COUNTIES = {JIANGXI: JIANGXI_COUNTY, RUGAO: RUGAO_COUNTY, TONGLING: TONGLING_COUNTY}
JPEG = b"\xff\xd8\xff\xe0 scan"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Stop the clock of the citizens' pages; the function returned sets it."""

    def stop(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    stop(NOW)
    return stop


def account(person: Person, username: str) -> User:
    """Give a person an account to sign in with."""
    user = User(username=username, name=person.name)
    user.set_password(PASSWORD)
    user.save()
    CitizenAccount.objects.create(user=user, person=person, opened_at=NOW)
    return user


def insured(person: Person, scheme: str, months: int, **more: Any) -> InsuredRecord:
    """Put a person on the insurance register."""
    return InsuredRecord.objects.create(
        person=person,
        scheme=scheme,
        insured_area=person.region_code[:6],
        paid_months=months,
        recorded_on=date(2026, 9, 30),
        recorded_at=NOW,
        source="参保登记库",
        **more,
    )


def listed(person: Person, category: str, certifier: str) -> Identity:
    """Put a person on a department's list."""
    return Identity.objects.create(
        region_code=person.region_code,
        person=person,
        category=category,
        certifier=certifier,
        starts_on=date(2026, 1, 1),
        source="2026年名册",
        sheet="名册",
        row=7,
        recorded_at=NOW,
    )


@dataclass
class Citizen:
    """Somebody with a phone: reads pages, sends forms with what the page had in them."""

    client: Client
    person: Person
    policy: str
    offices: Offices

    @property
    def case(self) -> Case:
        """The latest application."""
        return Case.objects.select_related("application", "committee").filter(person=self.person).latest("pk")

    def address(self, page: str = "") -> str:
        """The address of a page of the case."""
        return f"/citizen/{self.case.number}/{page}"

    def returns(self) -> None:
        """Sign in again on another day."""
        self.client.force_login(CitizenAccount.objects.get(person=self.person).user, backend=BACKEND)

    def get(self, page: str = "") -> str:
        """Read a page of the case."""
        return self.client.get(self.address(page)).content.decode()

    def hidden(self, address: str) -> dict[str, str]:
        """Return what the page put into its form."""
        page = self.client.get(address).content.decode()
        return {name: match[1] for name in ("key", "seen") if (match := re.search(f'name="{name}" value="([^"]+)"', page))}

    def post(self, page: str, /, **values: Any) -> HttpResponse:
        """Open a page of the case and send its form."""
        return self.send(self.address(page), **values)

    def send(self, address: str, /, **values: Any) -> HttpResponse:
        """Open a page and send its form."""
        return cast("HttpResponse", self.client.post(address, {**self.hidden(address), **values}))

    def begin(self, route: str = "ordinary") -> Case:
        """Open an application."""
        assert self.send(f"/citizen/apply/{self.policy}/", route=route).status_code == 302
        return self.case

    def fill(self) -> None:
        """Fill in every page that must be filled in."""
        for page, values in FILLED[self.policy].items():
            if page == "fill/committee/":
                values = {"office": str(self.offices.office(OrganisationKind.COMMITTEE).pk)}  # noqa: PLW2901
            if page == "fill/bank/":
                values = {"office": str(self.offices.office(OrganisationKind.BANK).pk)}  # noqa: PLW2901
            answer = self.post(page, **values)
            assert answer.status_code == 302, (page, answer.content.decode())

    def submitted(self) -> Case:
        """Open, fill in, sign, hand in."""
        self.begin()
        self.fill()
        assert self.post("sign/", name=self.person.name).status_code == 302
        return self.case


CONTACT = {"phone": "139 0000 0001", "address": "白蒲镇新塘村三组"}
DECLARED = {"inability_declared_on": "on", "truth_declared_on": "on", "sharing_agreed_on": "on"}
FILLED: dict[str, dict[str, dict[str, str]]] = {
    JIANGXI: {"fill/contact/": CONTACT, "fill/declarations/": DECLARED},
    RUGAO: {
        "fill/hardship/": {"category": "dibao", "certificate": "如低保2026-118"},
        "fill/committee/": {},
        "fill/contact/": CONTACT,
        "fill/declarations/": DECLARED,
    },
    TONGLING: {
        "fill/bank/": {},
        "fill/plan/": {"tier": "100000", "years_asked": "5"},
        "fill/contact/": CONTACT,
        "fill/declarations/": {"truth_declared_on": "on", "sharing_agreed_on": "on"},
    },
}


@pytest.fixture
def citizen(client: Client, db: None) -> Callable[[str], Citizen]:
    """Return a function from a programme to a citizen of its county, signed in."""

    def of(policy: str) -> Citizen:
        offices = open_offices(COUNTIES[policy])
        if policy == TONGLING:
            cooperate(offices.office(OrganisationKind.BANK), TONGLING)
        person = chen(region_code=COUNTIES[policy], hukou_code=COUNTIES[policy])
        if policy == TONGLING:
            insured(person, "resident_pension", 120)
        else:
            months = 168 if policy == JIANGXI else 148
            insured(person, "employee_pension", months, participation_type="flexible", retirement_category="female55")
        client.force_login(account(person, "chen"), backend=BACKEND)
        return Citizen(client, person, policy, offices)

    return of


@pytest.fixture
def stranger(db: None) -> Callable[[str], Client]:
    """Return a function from a county to a client signed in as another citizen there."""

    def of(area: str) -> Client:
        client = Client()
        client.force_login(account(shen(region_code=area), "shen"), backend=BACKEND)
        return client

    return of


def world() -> dict[str, Any]:
    """Return everything that a refused form must leave as it was."""
    application = Case.objects.order_by("pk").values(
        "state",
        "steps_taken",
        "committee",
        "bank",
        *(f"application__{column}" for column in ("phone", "address", "category", "signed_on", "truth_declared_on", "tier_fen")),
    )
    return {
        "cases": list(application),
        "steps": Step.objects.count(),
        "family": list(FamilyMember.objects.values_list("name", "relation")),
        "papers": list(Attachment.objects.values_list("kind", "removed_at")),
        "audit": AuditEntry.objects.exclude(action="access.refused").count(),
    }
