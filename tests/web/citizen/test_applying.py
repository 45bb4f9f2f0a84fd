"""A whole application, page by page, through the three programmes."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.cases.offices import NOW
from zhubao.people.models import Circumstance
from zhubao.people.selectors import phone_of

from .conftest import CONTACT, DECLARED, JIANGXI, RUGAO, TONGLING, Citizen

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("policy", [JIANGXI, RUGAO, TONGLING], ids=["江西", "如皋", "铜陵"])
def test_from_the_first_page_to_the_confirmation(citizen: Callable[[str], Citizen], policy: str) -> None:
    me = citizen(policy)
    assert "我要申请" in me.client.get("/citizen/").content.decode()
    me.begin()
    for page in ("", "known/", "forecast/", "papers/", "check/"):
        assert me.client.get(me.address(page)).status_code == 200, page
    me.fill()
    assert "还缺" not in me.get("check/")
    answer = me.post("sign/", name="陈桂芳")
    assert answer.headers["Location"] == me.address("done/")
    case = me.case
    assert case.state == ("applied" if policy == TONGLING else "submitted")
    assert (case.channel, case.application.signed_how, case.application.phone) == ("online", "electronic", "13900000001")
    assert phone_of(me.person)
    done = me.get("done/")
    assert case.number in done
    assert case.number in me.get()


@pytest.mark.clauses("rg-5a")
@pytest.mark.parametrize(("until", "asked"), [(None, True), (date(2026, 9, 30), False)], ids=["还在领", "已停发"])
def test_who_draws_the_subsidy_may_give_it_up(citizen: Callable[[str], Citizen], until: date | None, asked: bool) -> None:
    """Giving it up is a choice: without it the form is complete all the same."""
    me = citizen(RUGAO)
    Circumstance.objects.create(
        person=me.person, kind="subsidised", starts_on=date(2026, 1, 1), ends_on=until, source="补贴名册", recorded_at=NOW
    )
    me.begin()
    assert ("我放弃社会保险补贴" in me.get("fill/declarations/")) is asked
    me.fill()
    assert me.case.application.subsidy_waived_on is None
    if asked:
        me.post("fill/declarations/", **DECLARED, subsidy_waived_on="on")
        assert me.case.application.subsidy_waived_on == date(2026, 10, 12)


def test_the_loan_for_past_gaps_asks_how_many_months(citizen: Callable[[str], Citizen]) -> None:
    me = citizen(JIANGXI)
    me.begin("back_payment")
    assert "补交的月数" in me.get()
    me.post("fill/gaps/", back_payable_months="18")
    assert (me.case.route, me.case.application.back_payable_months) == ("back_payment", 18)


def test_a_page_changed_from_the_check_leads_back_there(citizen: Callable[[str], Citizen]) -> None:
    me = citizen(JIANGXI)
    me.begin()
    assert me.post("fill/contact/?from=check", **CONTACT).headers["Location"] == me.address("check/")
    assert me.post("fill/contact/", **CONTACT).headers["Location"] == me.address("papers/")
