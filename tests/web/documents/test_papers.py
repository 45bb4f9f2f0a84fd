"""Papers over the web: a PDF for who may have it, nothing for anybody else, and a note of every number printed."""

import pytest
from django.test import Client

from tests.cases.offices import JIANGXI_COUNTY, RUGAO_COUNTY, Offices, citizen, open_offices
from tests.people.tables import chen
from tests.procedures import year
from zhubao.access.actors import Actor
from zhubao.access.models import AuditEntry, User
from zhubao.access.roles import Role
from zhubao.exchange.models import Envelope
from zhubao.loans.models import Loan

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def at(client: Client, offices: Offices, role: str) -> Client:
    client.force_login(offices.post(role).user, backend=BACKEND)
    return client


def user_of(own: Actor) -> User:
    assert own.user_id is not None
    return User.objects.get(pk=own.user_id)


def test_a_post_prints_what_is_its_own(client: Client) -> None:
    offices = open_offices(RUGAO_COUNTY)
    case = year.signed_rugao(offices)
    year.roster(offices, case)
    answer = at(client, offices, Role.AGENCY_REVIEWER).get(f"/documents/cases/{case.number}/application.pdf")
    assert (answer.status_code, answer["Content-Type"], answer.content[:5]) == (200, "application/pdf", b"%PDF-")
    printed = AuditEntry.objects.filter(action="person.number_printed").count()
    assert at(client, offices, Role.AGENCY_REVIEWER).get(f"/documents/cases/{case.number}/diploma.pdf").status_code == 404
    assert at(client, offices, Role.FINANCE_CLERK).get(f"/documents/cases/{case.number}/application.pdf").status_code == 404
    assert at(client, offices, Role.TAX_CLERK).get(f"/documents/cases/{case.number}/application.pdf").status_code == 403
    assert AuditEntry.objects.filter(action="person.number_printed").count() == printed
    roster = Envelope.objects.get(kind="borrower_roster", receiver__kind="finance")
    assert at(client, offices, Role.FINANCE_CLERK).get(f"/documents/files/{roster.pk}.pdf").content[:5] == b"%PDF-"
    assert at(client, offices, Role.FINANCE_CLERK).get(f"/documents/files/{roster.pk}.xlsx").content[:2] == b"PK"
    assert at(client, offices, Role.TAX_CLERK).get(f"/documents/files/{roster.pk}.pdf").status_code == 404


def test_a_citizen_prints_only_their_own(client: Client) -> None:
    offices = open_offices(JIANGXI_COUNTY)
    case = year.signed_jiangxi(offices)
    own, other = citizen(case.person), citizen(chen(region_code=JIANGXI_COUNTY))
    client.force_login(user_of(own), backend=BACKEND)
    assert client.get(f"/documents/own/{case.number}/agreement.pdf").content[:5] == b"%PDF-"
    assert client.get(f"/documents/own/{case.number}/notice-1.pdf").status_code == 404
    assert client.get("/documents/own/JX360281-2026-000099/agreement.pdf").status_code == 404
    assert client.get(f"/documents/cases/{case.number}/agreement.pdf").status_code == 403
    client.force_login(user_of(other), backend=BACKEND)
    assert client.get(f"/documents/own/{case.number}/agreement.pdf").status_code == 404


def test_a_loan_has_a_confirmation_for_each_draw(client: Client) -> None:
    offices = open_offices(JIANGXI_COUNTY)
    year.signed_jiangxi(offices)
    year.released(offices, "2026-10-26")
    year.confirmed(offices, "2026-10-28")
    loan = Loan.objects.get()
    officer = at(client, offices, Role.BANK_OFFICER)
    assert officer.get(f"/documents/loans/{loan.number}/draw-2026-1.pdf").content[:5] == b"%PDF-"
    assert officer.get(f"/documents/loans/{loan.number}/draw-2027-1.pdf").status_code == 404
    assert officer.get("/documents/loans/L1/draw-2026-1.pdf").status_code == 404
    assert client.post(f"/documents/loans/{loan.number}/draw-2026-1.pdf").status_code == 405
    own, other = citizen(loan.person), citizen(chen(region_code=JIANGXI_COUNTY))
    for actor, status in ((own, 200), (other, 404)):
        client.force_login(user_of(actor), backend=BACKEND)
        assert client.get(f"/documents/own/loans/{loan.number}/draw-2026-1.pdf").status_code == status
        assert client.get(f"/documents/loans/{loan.number}/draw-2026-1.pdf").status_code == 403
