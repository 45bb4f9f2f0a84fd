"""The pages of sponsors: register, offer, payment, accounts, receipt, each by its own post; what is refused and why."""

from typing import Any

import pytest

from tests.assistance.ledger_people import named, plan_of
from tests.cases.offices import Offices
from tests.web.closing_out.conftest import clock, desk, offices, uploads_apart  # noqa: F401 - fixtures
from zhubao.access.roles import Role
from zhubao.assistance.models import Sponsor, Sponsorship
from zhubao.people.sealing import open_number

pytestmark = pytest.mark.django_db


def entered(offices: Offices, **changed: str) -> Any:  # noqa: F811
    """Register a collective and enter an offer of thirty yuan for everybody in dibao who owes the own part."""
    clerk = desk(offices, Role.AGENCY_INTAKE)
    clerk.post("/sponsors/new/", {"kind": "collective", "name": "中井村集体经济合作社"})
    sponsor = Sponsor.objects.get()
    given = {"key": "k", "plan": str(plan_of().pk), "each_fen": "30", "category": "dibao", "group": "plan", "on": "2022-08-20"}
    return clerk.post(f"/sponsors/{sponsor.pk}/offer/", {**given, **changed}, follow=True)


@pytest.mark.clauses("gz-2a")
def test_from_the_offer_to_the_receipt(offices: Offices) -> None:  # noqa: F811
    shown = entered(offices).content.decode()
    made = Sponsorship.objects.get()
    assert (made.number in shown, shown.count(">within the ceiling<"), "60.00" in shown) == (True, 2, True)
    tax, accountant = desk(offices, Role.TAX_CLERK), desk(offices, Role.AGENCY_ACCOUNTANT)
    address = f"/sponsors/offers/{made.number}/"
    assert tax.post(f"{address}pay/", {"fen": "59.99", "reference": "YH-1", "on": "2022-08-20"}).status_code == 422
    tax.post(f"{address}pay/", {"fen": "60", "reference": "YH-1", "on": "2022-08-20"})
    assert accountant.get(f"{address}receipt.pdf").status_code == 404
    accountant.post(f"{address}record/")
    accountant.post(f"{address}receipt/")
    assert accountant.get(f"{address}receipt.pdf").content[:4] == b"%PDF"
    assert "SJ500243-2022-0001" in accountant.get(f"/sponsors/{made.sponsor_id}/").content.decode()
    assert named("冉光荣").state == "self_paid"
    for name in ("list.xlsx", f"offers/{made.number}/people.xlsx"):
        assert b"".join(accountant.get(f"/sponsors/{name}").streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]


@pytest.mark.clauses("gz-2b")
def test_above_the_ceiling_the_reason_stands_beside_the_name(offices: Offices) -> None:  # noqa: F811
    number = open_number(named("何世琼").person)
    shown = entered(offices, category="", numbers=number, each_fen="1").content.decode()
    assert ("above the ceiling" in shown, "何**" in shown) == (True, True)
    assert Sponsorship.objects.get().state == "refused"
    outside = {
        "category": "",
        "numbers": number,
        "group": "ex_fisherman",
        "tier_fen": "1000",
        "government_fen": "600",
        "key": "x",
    }
    for each, state in (("401", "refused"), ("400", "checked")):
        entered(offices, **(outside | {"each_fen": each, "key": each}))
        assert Sponsorship.objects.order_by("-pk")[0].state == state


def test_what_is_not_entered(offices: Offices) -> None:  # noqa: F811
    assert entered(offices, each_fen="0").status_code == 422
    assert entered(offices, category="", numbers="").status_code == 422
    assert entered(offices, category="", numbers="500243197003050000").status_code == 422
    assert desk(offices, Role.TAX_CLERK).get("/sponsors/new/").status_code == 403
    assert desk(offices, Role.COMMITTEE_MEMBER).get("/sponsors/").status_code == 403
    assert not Sponsorship.objects.exists()
