"""Following an application: what happens now and by when, returned, refused, objected, withdrawn, told."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.cases import loan_lives
from tests.cases.offices import NOW, ask
from zhubao.access.roles import Role
from zhubao.cases.actions import agency, intake
from zhubao.cases.models import Case
from zhubao.notices.actions import tell
from zhubao.people.models import InsuredRecord
from zhubao.web.citizen import panels

from .conftest import CONTACT, COUNTIES, JIANGXI, RUGAO, TONGLING, Citizen, world

pytestmark = pytest.mark.django_db


def refuse(me: Citizen) -> Case:
    """Have the agency refuse the application: the record says an employer pays."""
    InsuredRecord.objects.update(participation_type="employer")
    case = me.submitted()
    agency.propose(case.pk, request=ask(), actor=me.offices.at(Role.AGENCY_REVIEWER), now=NOW)
    return agency.decide(
        case.pk,
        "refused",
        clause="jx-1.1e",
        reason="由单位参保",
        request=ask(),
        actor=me.offices.at(Role.AGENCY_APPROVER),
        now=NOW,
    )


def test_what_happens_now_and_by_when(citizen: Callable[[str], Citizen], clock: Callable[[datetime], None]) -> None:
    me = citizen(JIANGXI)
    me.submitted()
    page = me.get()
    assert "经办机构正在审核" in page
    assert "社保经办机构最迟10月19日（星期一）办好这一步" in page
    assert "办完了 · 2026年10月12日" in page
    me.client.cookies["language"] = "en"
    assert "The agency has until Monday 19 October." in me.get()
    clock(NOW + timedelta(days=10))
    me.returns()
    assert "should have answered by" in me.get()


@pytest.mark.clauses("rg-12.1c")
def test_the_rugao_course_begins_with_the_committee(citizen: Callable[[str], Citizen]) -> None:
    me = citizen(RUGAO)
    me.submitted()
    page = me.get()
    assert "社区（村）正在初审" in page
    assert page.index("社区（村）初审") < page.index("公示七天") < page.index("社保经办机构审核")
    assert "征求意见稿" in page


def test_a_returned_application_says_why_and_keeps_its_day(
    citizen: Callable[[str], Citizen], clock: Callable[[datetime], None]
) -> None:
    me = citizen(JIANGXI)
    case = me.submitted()
    intake.return_for_correction(case.pk, reason="住址写到组", request=ask(), actor=me.offices.at(Role.AGENCY_REVIEWER), now=NOW)
    page = me.get()
    assert "申请被退回来了" in page
    assert "住址写到组" in page
    clock(NOW + timedelta(days=3))
    me.returns()
    me.post("fill/contact/", **{**CONTACT, "address": "新塘村三组"})
    me.post("sign/", name="陈桂芳")
    case = me.case
    assert (case.state, case.filed_on, case.application.signed_on) == ("submitted", date(2026, 10, 12), date(2026, 10, 15))


@pytest.mark.clauses("jx-annex-2c")
def test_a_refusal_shows_the_rule_and_the_ways_on(citizen: Callable[[str], Citizen]) -> None:
    me = citizen(JIANGXI)
    assert refuse(me).state == "rejected"
    page = me.get()
    for words in ("由单位参保", "登记的是：单位", "提出异议", "重新申请", "到这里结束"):
        assert words in page
    assert "jx-1.1e" not in page
    papers = me.get("papers/")
    assert "申请已办结，不再收材料" in papers
    assert "papers/identity_card/" not in papers
    assert "我要申请" in me.client.get("/citizen/").content.decode()


def test_objecting_once_opens_the_case_again(citizen: Callable[[str], Citizen]) -> None:
    me = citizen(JIANGXI)
    refuse(me)
    before = world()
    assert me.post("object/", reason=" ").status_code == 422
    assert world() == before
    form = {**me.hidden(me.address("object/")), "reason": "我六月就转成灵活就业了"}
    answers = [me.client.post(me.address("object/"), form).status_code for _time in range(2)]
    assert answers[0] == 302
    assert (me.case.state, me.case.objections.count()) == ("objection", 1)
    assert "异议正在核实" in me.get()


def test_only_jiangxi_lets_the_applicant_object(citizen: Callable[[str], Citizen]) -> None:
    me = citizen(RUGAO)
    me.submitted()
    assert me.client.get(me.address("object/")).status_code == 404


def test_after_applying_anew_the_old_refusal_stands(citizen: Callable[[str], Citizen]) -> None:
    me = citizen(JIANGXI)
    old = refuse(me)
    me.begin()
    page = me.client.get(f"/citizen/{old.number}/").content.decode()
    assert f"/citizen/{old.number}/object/" not in page
    answer = me.send(f"/citizen/{old.number}/object/", reason="不对")
    assert "已重新申请" in me.client.get(answer.headers["Location"]).content.decode()
    old.refresh_from_db()
    assert old.state == "rejected"


def test_withdrawing_needs_a_reason_and_happens_once(citizen: Callable[[str], Citizen]) -> None:
    me = citizen(JIANGXI)
    me.submitted()
    before = world()
    assert me.post("withdraw/", reason="").status_code == 422
    assert world() == before
    form = {**me.hidden(me.address("withdraw/")), "reason": "家里凑够了"}
    assert [me.client.post(me.address("withdraw/"), form).headers["Location"] for _time in range(2)] == [me.address()] * 2
    assert (me.case.state, me.case.steps.filter(verb="withdraw").count()) == ("withdrawn", 1)
    assert "申请已撤回" in me.get()
    assert "家里凑够了" in me.get("history/")
    me.begin()
    assert Case.objects.count() == 2


def test_what_was_told_is_shown_and_acknowledged(citizen: Callable[[str], Citizen]) -> None:
    me = citizen(JIANGXI)
    case = me.submitted()
    notice = tell(
        case.subject,
        "请带身份证原件来窗口",
        kind="case.note",
        channel="sms",
        region_code=case.region_code,
        person_id=me.person.pk,
        actor=me.offices.at(Role.AGENCY_REVIEWER),
        now=NOW,
    )
    assert "请带身份证原件来窗口" in me.get()
    me.client.post(me.address(f"told/{notice.pk}/"))
    notice.refresh_from_db()
    assert notice.acknowledged_by_name == "陈桂芳"
    assert me.client.post(me.address("told/999999/")).status_code == 404


def test_words_between_officers_stay_inside(citizen: Callable[[str], Citizen]) -> None:
    me = citizen(JIANGXI)
    case = me.submitted()
    agency.propose(case.pk, reason="疑点在内部", request=ask(), actor=me.offices.at(Role.AGENCY_REVIEWER), now=NOW)
    agency.send_back(case.pk, reason="再查一次", request=ask(), actor=me.offices.at(Role.AGENCY_APPROVER), now=NOW)
    page = me.get("history/")
    assert "退回重审" in page
    assert "再查一次" not in page
    assert "疑点在内部" not in page


def test_another_part_adds_a_panel(citizen: Callable[[str], Citizen], monkeypatch: pytest.MonkeyPatch) -> None:
    me = citizen(JIANGXI)
    me.submitted()

    def agreement(_request: Any, case: Case) -> panels.Panel | None:
        return panels.Panel("components/empty.html", {}) if case.state == "submitted" else None

    monkeypatch.setattr(panels, "PANELS", [agreement, lambda _request, _case: None])
    assert 'class="sheet empty"' in me.get()


@pytest.mark.clauses("tl-2c")
def test_after_a_banks_refusal_another_is_asked_once(citizen: Callable[[str], Citizen]) -> None:
    me = citizen(TONGLING)
    first = me.submitted()
    other = loan_lives.second_bank(COUNTIES[TONGLING])
    loan_lives.cooperate(other, TONGLING)
    Case.objects.update(state="bank_refused")
    page = me.get()
    assert "换一家银行" in page
    before = world()
    assert me.post("other-bank/", office=str(first.bank_id), reason="换一家").status_code == 422
    assert me.post("other-bank/", office="", reason="").status_code == 422
    assert world() == before
    form = {**me.hidden(me.address("other-bank/")), "office": str(other.pk), "reason": "换一家试试"}
    assert [me.client.post(me.address("other-bank/"), form).status_code for _time in range(2)] == [302, 302]
    assert (me.case.state, me.case.bank_id, me.case.steps.filter(verb="bank_again").count()) == ("applied", other.pk, 1)


def test_only_tongling_lets_the_applicant_change_the_bank(citizen: Callable[[str], Citizen]) -> None:
    me = citizen(JIANGXI)
    me.submitted()
    assert me.client.post(me.address("other-bank/"), {"office": "1", "reason": "x"}).status_code == 404
