"""The committee at its phone: review, the notice, objections, the signature; and what is refused."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.cases.lives import applicant, at, handed_in, post, reviewed
from tests.cases.offices import Offices
from zhubao.access.models import AuditEntry
from zhubao.access.roles import Role
from zhubao.cases.models import Attachment, Case, Decision, Objection, PublicNotice, Step

from .conftest import Clock, desk, form_of

pytestmark = pytest.mark.django_db
OBJECTION = {"by_name": "吴国平", "said": "她家在镇上有店面", "contact": "", "filed_on": ""}


def member(offices: Offices, **more: Any) -> Client:
    return desk(offices, Role.COMMITTEE_MEMBER, **more)


def written() -> list[Any]:
    """Everything a refused step must leave as it was."""
    tables = [model.objects.count() for model in (Step, Decision, PublicNotice, Objection, AuditEntry)]
    return [tables, list(Case.objects.order_by("pk").values_list("state", "steps_taken"))]


def step(client: Client, case: Case, verb: str, **values: Any) -> Any:
    """Open the page of a step and send its form."""
    address = f"/village/cases/{case.number}/{verb}/"
    shown = f"/village/cases/{case.number}/" if verb in ("first_review", "return") else address
    hidden = form_of(client, shown, address)
    return client.post(address, {**hidden, **values})


def test_the_first_page_counts_what_waits(rugao: Offices) -> None:
    hanging = reviewed(rugao, applicant(1))
    post(rugao, hanging, day="2026-10-12")
    over = reviewed(rugao, applicant(2))
    post(rugao, over)
    handed_in(rugao, applicant(3))
    reviewed(rugao, applicant(4))
    page = member(rugao).get("/village/").content.decode()
    assert "3 things wait for you" in page  # one to review, one to post, one to sign
    assert [page.count(f'<span class="number">{number}</span>') for number in (0, 1)] == [2, 3]
    # Posted on Monday the 12th: full days 13 to 19; on the 17th those of the 17th, 18th and 19th are not over.
    assert "3 days left" in page
    assert "Up since 10-12, seven full days till 10-19, sign from 10-20" in page
    assert "full days over" in page


def test_the_first_page_takes_as_many_queries_for_many_as_for_few(rugao: Offices, django_assert_max_num_queries: Any) -> None:
    client = member(rugao)
    handed_in(rugao, applicant(1))
    for serial in range(2, 5):
        case = reviewed(rugao, applicant(serial))
        post(rugao, case)
    for address in ("/village/", "/village/list/review/", "/village/list/sign/", "/village/notices/", "/village/notices/new/"):
        with django_assert_max_num_queries(18):
            assert client.get(address).status_code == 200
    with django_assert_max_num_queries(45):
        client.get(f"/village/cases/{Case.objects.get(state='submitted').number}/")


def test_names_stay_masked(rugao: Offices) -> None:
    case = handed_in(rugao, applicant())
    client = member(rugao)
    for address in ("/village/", "/village/list/review/", f"/village/cases/{case.number}/"):
        page = client.get(address).content.decode()
        assert case.person.name not in page
    assert "陈**" in client.get("/village/list/review/").content.decode()


@pytest.mark.clauses("rg-12.1c", "rg-12.1d", "rg-12.1e")
def test_an_application_passes_is_posted_and_signed(rugao: Offices, clock: Clock) -> None:
    case = handed_in(rugao, applicant())
    client = member(rugao)
    clock(at("2026-10-09"))
    assert step(client, case, "first_review", passed="yes", category="dibao", lives_here="on").status_code == 302
    query = f"case={case.pk}&posted_on=2026-10-09&place=村委会公示栏&phone=0513-80000001"
    page = client.get(f"/village/notices/new/preview/?{query}").content.decode()
    assert "data:image/png;base64," in page
    assert "7 full days to go. Sign from 2026-10-17 on." in page
    assert (PublicNotice.objects.count(), Case.objects.get().state) == (0, "first_reviewed")
    paper = client.get(f"/village/notices/new/preview/notice.pdf?{query}")
    assert paper.content.startswith(b"%PDF-")
    hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.split("/village/notices/new/posted/")[1]))
    answer = client.post("/village/notices/new/posted/", hidden)
    notice = PublicNotice.objects.get()
    assert answer["Location"] == f"/village/notices/{notice.pk}/"
    assert (notice.posted_on, notice.last_day, notice.place) == (date(2026, 10, 9), date(2026, 10, 16), "村委会公示栏")
    before = written()
    assert client.post("/village/notices/new/posted/", hidden)["Location"] == f"/village/notices/{notice.pk}/"
    assert written() == before
    assert client.get(f"/village/notices/{notice.pk}/notice.pdf").content.startswith(b"%PDF-")

    clock(at("2026-10-16"))
    early = client.get(f"/village/cases/{case.number}/sign_opinion/").content.decode()
    assert "You can sign from 2026-10-17 on." in early
    assert "<textarea" not in early
    clock(at("2026-10-17"))
    opinion = {"category": "dibao", "handler": "丁桂兰", "signed_on": "2026-10-17"}
    refused = step(client, case, "sign_opinion", **opinion)
    assert refused.status_code == 422
    assert 'id="step_sealed_error"' in refused.content.decode()
    assert step(client, case, "sign_opinion", sealed="on", **opinion).status_code == 302
    assert Case.objects.get().state == "committee_approved"
    assert client.post(f"/village/notices/{notice.pk}/down/", {"on": "2026-10-17"}).status_code == 302
    assert PublicNotice.objects.get().taken_down_on == date(2026, 10, 17)


def test_signing_before_the_eighth_day_is_refused_with_the_day(rugao: Offices, clock: Clock) -> None:
    case = reviewed(rugao, applicant())
    post(rugao, case)
    clock(at("2026-10-15"))
    before = written()
    values = {"seen": case.steps_taken + 1, "key": "k", "category": "dibao", "handler": "丁", "sealed": "on"}
    answer = member(rugao).post(f"/village/cases/{case.number}/sign_opinion/", {**values, "signed_on": "2026-10-15"})
    assert (answer.status_code, written()) == (422, before)
    assert "possible from 2026-10-17" in answer.content.decode()


def test_a_day_ahead_is_previewed_and_not_noted(rugao: Offices) -> None:
    case = reviewed(rugao, applicant())
    query = {"case": str(case.pk), "posted_on": "2026-10-19", "place": "公示栏", "phone": "1"}
    page = member(rugao).get("/village/notices/new/preview/", query).content.decode()
    assert "note it on 2026-10-19" in page
    assert "/village/notices/new/posted/" not in page


@pytest.mark.clauses("rg-12.1d", "rg-12.1e")
def test_an_objection_stops_the_signature_until_it_is_decided(rugao: Offices) -> None:
    case = reviewed(rugao, applicant())
    post(rugao, case)
    client = member(rugao)
    assert step(client, case, "object", **OBJECTION).status_code == 302
    waits = client.get(f"/village/cases/{case.number}/sign_opinion/").content.decode()
    assert "The signature waits until the agency has decided it" in waits
    assert "1 thing waits for you" in client.get("/village/").content.decode()
    objection = Objection.objects.get()
    found = {"objection": objection.pk, "finding": "店面是她弟弟的"}
    assert step(client, case, "investigate", **found).status_code == 302
    assert "Nothing waits for you" in client.get("/village/").content.decode()

    approver = desk(rugao, Role.AGENCY_APPROVER)
    address = f"/cases/{case.number}/steps/decide_objection/"
    values = {"objection": objection.pk, "upheld": "no", "reason": "核实后不成立"}
    assert approver.post(address, {**form_of(approver, address), **values}).status_code == 302
    assert Case.objects.get().state == "public_notice"
    opinion = {"category": "dibao", "handler": "丁桂兰", "sealed": "on", "signed_on": "2026-10-17"}
    assert step(client, case, "sign_opinion", **opinion).status_code == 302


def test_who_lives_elsewhere_is_returned_and_not_passed(rugao: Offices) -> None:
    person = applicant()
    person.residence_code = "320683"
    person.save(update_fields=["residence_code"])
    case = handed_in(rugao, person)
    client = member(rugao)
    page = client.get(f"/village/cases/{case.number}/").content.decode()
    assert "lives elsewhere" in page
    assert 'value="yes"' not in page
    before = written()
    answer = client.post(
        f"/village/cases/{case.number}/first_review/",
        {"seen": case.steps_taken, "key": "k", "passed": "yes", "category": "dibao", "lives_here": "on"},
    )
    assert (answer.status_code, written()) == (422, before)
    assert "the applicant does not live here" in answer.content.decode()
    assert step(client, case, "return", reason="住在磨桥镇，请到那里的村委会办理").status_code == 302
    assert Case.objects.get().state == "returned"


def test_a_rejection_needs_clause_and_reason(rugao: Offices) -> None:
    case = handed_in(rugao, applicant())
    client = member(rugao)
    values = {"seen": case.steps_taken, "key": "k", "passed": "no", "lives_here": "on"}
    before = written()
    answer = client.post(f"/village/cases/{case.number}/first_review/", values)
    assert (answer.status_code, written()) == (422, before)
    assert "a refusal needs a reason" in answer.content.decode()
    ended = {**values, "clause": "rg-4.0f", "reason": "低保已停发"}
    assert client.post(f"/village/cases/{case.number}/first_review/", ended).status_code == 302
    assert Case.objects.get().state == "rejected"


def test_an_original_seen_is_noted_once(rugao: Offices) -> None:
    case = handed_in(rugao, applicant())
    client = member(rugao)
    address = f"/village/cases/{case.number}/original/"
    assert "I saw the original" in client.get(f"/village/cases/{case.number}/").content.decode()
    for _twice in range(2):
        assert client.post(address, {"kind": "household_booklet"}).status_code == 302
    assert Attachment.objects.filter(case=case, kind="household_booklet", original_seen_on=date(2026, 10, 17)).count() == 1


def test_a_second_click_does_nothing_and_a_slower_member_is_told(rugao: Offices) -> None:
    case = handed_in(rugao, applicant())
    first, second = member(rugao), member(rugao, other=True)
    address = f"/village/cases/{case.number}/first_review/"
    mine, theirs = (form_of(each, f"/village/cases/{case.number}/", address) for each in (first, second))
    passed = {"passed": "yes", "category": "dibao", "lives_here": "on"}
    assert first.post(address, {**mine, **passed}).status_code == 302
    after = written()
    assert first.post(address, {**mine, **passed}).status_code == 302
    late = second.post(address, {**theirs, **passed})
    assert (late.status_code, written()) == (409, after)
    assert "Somebody was faster" in late.content.decode()


def test_a_notice_whose_case_moved_on_is_not_posted(rugao: Offices) -> None:
    one, two = reviewed(rugao, applicant(1)), reviewed(rugao, applicant(2))
    client = member(rugao)
    sent = {
        "key": "k",
        "case": [one.pk, two.pk],
        "seen": [f"{one.pk}:{one.steps_taken}", f"{two.pk}:{two.steps_taken}"],
        "posted_on": "2026-10-17",
        "place": "公示栏",
        "phone": "0513-80000001",
    }
    other = member(rugao, other=True)
    address = f"/cases/{two.number}/steps/return/"
    other.post(address, {**form_of(other, address), "reason": "漏填电话"})
    before = written()
    answer = client.post("/village/notices/new/posted/", sent)
    assert (answer.status_code, written()) == (409, before)
    assert "was faster" in answer.content.decode()
    assert client.post("/village/notices/new/posted/", {**sent, "seen": []}).status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [
        pytest.param(Role.TOWNSHIP_CLERK, 403, id="乡镇"),
        pytest.param(Role.AGENCY_REVIEWER, 403, id="经办审核"),
        pytest.param(Role.BANK_OFFICER, 403, id="银行"),
    ],
)
def test_others_do_not_review(rugao: Offices, role: str, status: int) -> None:
    case = handed_in(rugao, applicant())
    values = {"seen": case.steps_taken, "key": "k", "passed": "yes", "category": "dibao", "lives_here": "on"}
    steps = Step.objects.count()
    answer = desk(rugao, role).post(f"/village/cases/{case.number}/first_review/", values)
    assert (answer.status_code, Step.objects.count(), Case.objects.get().state) == (status, steps, "submitted")


def test_the_desk_takes_every_step_of_the_committee(rugao: Offices, clock: Clock) -> None:
    """A member at a computer does all of it on the pages of the case."""
    case = handed_in(rugao, applicant())
    client = member(rugao)

    def take(verb: str, **values: Any) -> None:
        address = f"/cases/{case.number}/steps/{verb}/"
        answer = client.post(address, {**form_of(client, address), **values})
        assert (verb, answer.status_code) == (verb, 302), answer.content.decode()

    clock(at("2026-10-09"))
    take("first_review", passed="yes", lives_here="on")
    address = f"/cases/{case.number}/steps/post_notice/"
    sent = {**form_of(client, address), "place": "公示栏", "phone": "0513-80000001", "posted_on": "2026-10-09"}
    assert [client.post(address, sent).status_code for _twice in range(2)] == [302, 302]
    clock(at("2026-10-12"))
    take("object", **OBJECTION)
    take("investigate", objection=Objection.objects.get().pk, finding="不属实")
    Case.objects.update(state="public_notice")
    clock(at("2026-10-17"))
    take("sign_opinion", category="dibao", handler="丁桂兰", sealed="on", signed_on="2026-10-17")
    assert Case.objects.get().state == "committee_approved"
