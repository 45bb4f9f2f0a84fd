"""A whole application, page by page, through the three programmes."""

from collections.abc import Callable

import pytest

from zhubao.people.selectors import phone_of

from .conftest import JIANGXI, RUGAO, TONGLING, Citizen

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
