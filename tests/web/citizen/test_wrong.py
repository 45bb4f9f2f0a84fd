"""What people type wrongly, try twice, or try where it is not theirs: told in plain words, and nothing changes."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cases.offices import NOW
from zhubao.access.roles import OrganisationKind
from zhubao.cases.actions.intake import return_for_correction
from zhubao.cases.models import Case
from zhubao.cases.stepping import Request
from zhubao.programmes.models import BankCooperation

from .conftest import CONTACT, JIANGXI, JPEG, RUGAO, TONGLING, Citizen, listed, world

pytestmark = pytest.mark.django_db
MEMBER = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-name": "李强", "form-0-relation": "丈夫"}


def refused(me: Citizen, page: str, words: str, /, **values: Any) -> None:
    """Send a form that must be answered 422 with these words and leave everything as it was."""
    before = world()
    answer = me.post(page, **values)
    assert answer.status_code == 422, answer.headers
    assert words in answer.content.decode()
    assert world() == before


@pytest.mark.parametrize(
    ("policy", "page", "values", "words"),
    [
        pytest.param(JIANGXI, "fill/contact/", {**CONTACT, "phone": "1390000"}, "这不是电话号码", id="号码太短"),
        pytest.param(JIANGXI, "fill/contact/", {**CONTACT, "phone": "12345678901"}, "这不是电话号码", id="不是手机号"),
        pytest.param(JIANGXI, "fill/contact/", {**CONTACT, "phone": "一三九"}, "这不是电话号码", id="写成汉字"),
        pytest.param(JIANGXI, "fill/contact/", {"phone": "", "address": ""}, "请写电话号码", id="空着"),
        pytest.param(JIANGXI, "fill/contact/", {**CONTACT, "address": "村" * 161}, "最多 160 个字", id="住址太长"),
        pytest.param(JIANGXI, "fill/declarations/", {"truth_declared_on": "on"}, "不勾不能提交", id="没打勾"),
        pytest.param(JIANGXI, "fill/hardship/", {"category": "tekun"}, "属于哪一种", id="别的政策的类型"),
        pytest.param(RUGAO, "fill/hardship/", {}, "请选符合的那一项", id="没选困难类型"),
        pytest.param(RUGAO, "fill/committee/", {"office": "999999"}, "请从列表里选一个", id="没有这个村"),
        pytest.param(
            RUGAO, "family/", {**MEMBER, "form-0-name": "<script>alert(1)</script>"}, "不会有这样的符号", id="姓名里有代码"
        ),
        pytest.param(RUGAO, "family/", {**MEMBER, "form-0-born": "2027-01-01"}, "这个日子还没到", id="生在明年"),
        pytest.param(RUGAO, "family/", {**MEMBER, "form-0-born": "1890-01-01"}, "120 多年前", id="一百三十岁"),
        pytest.param(RUGAO, "family/", {**MEMBER, "form-0-relation": ""}, "和您是什么关系", id="没写关系"),
        pytest.param(RUGAO, "family/", {"form-TOTAL_FORMS": "x"}, "有地方不对", id="表格被改过"),
        pytest.param(TONGLING, "fill/plan/", {"tier": "777", "years_asked": "5"}, "请选一档", id="没有这一档"),
        pytest.param(TONGLING, "fill/plan/", {"tier": "100000", "years_asked": "0"}, "1 到 40", id="借零年"),
        pytest.param(TONGLING, "fill/children/", {"children": "两个"}, "整数", id="写成汉字的数"),
    ],
)
def test_a_wrong_answer_is_told_beside_its_field(
    citizen: Callable[[str], Citizen], policy: str, page: str, values: dict[str, str], words: str
) -> None:
    me = citizen(policy)
    me.begin()
    refused(me, page, words, **values)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", "文件是空的", id="空文件"),
        pytest.param(b"PK\x03\x04 docx", "只收 PDF", id="Word 文件"),
        pytest.param(JPEG + bytes(10 * 1024 * 1024), "超过 10 MB", id="照片太大"),
        pytest.param(None, "请先选一张照片", id="没选文件"),
    ],
)
def test_what_is_no_photo_is_not_kept(citizen: Callable[[str], Citizen], content: bytes | None, words: str) -> None:
    me = citizen(JIANGXI)
    me.begin()
    values = {} if content is None else {"file": SimpleUploadedFile("证.jpg", content)}
    refused(me, "papers/identity_card/", words, **values)


def test_a_file_far_too_large_is_not_even_read(citizen: Callable[[str], Citizen], monkeypatch: pytest.MonkeyPatch) -> None:
    me = citizen(JIANGXI)
    me.begin()
    before = world()
    monkeypatch.setattr("zhubao.web.clerk.uploads.announced_length", lambda _request: 10**9)
    answer = me.post("papers/identity_card/", file=SimpleUploadedFile("证.jpg", JPEG))
    assert (answer.status_code, "文件太大" in answer.content.decode()) == (413, True)
    assert world() == before


def test_a_photo_is_kept_once_shown_and_taken_back(citizen: Callable[[str], Citizen]) -> None:
    me = citizen(JIANGXI)
    case = me.begin()
    for _time in range(2):
        assert me.post("papers/identity_card/", file=SimpleUploadedFile("身份证.jpg", JPEG)).status_code == 302
    [kept] = case.attachments.filter(removed_at=None)
    assert "照片传了" in me.get("papers/")
    assert b"".join(me.client.get(me.address(f"files/{kept.pk}/"))) == JPEG
    me.post(f"files/{kept.pk}/remove/")
    assert not case.attachments.filter(removed_at=None).exists()
    assert me.client.get(me.address(f"files/{kept.pk}/")).status_code == 404


@pytest.mark.parametrize(
    ("name", "words"), [("", "请写上您的姓名"), ("沈志远", "和登记的姓名不一样")], ids=["没签名", "签了别人的名"]
)
def test_only_the_own_name_signs(citizen: Callable[[str], Citizen], name: str, words: str) -> None:
    me = citizen(JIANGXI)
    me.begin()
    me.fill()
    refused(me, "sign/", words, name=name)


@pytest.mark.clauses("jx-1.1g")
def test_what_is_missing_keeps_the_form_from_being_signed(citizen: Callable[[str], Citizen]) -> None:
    me = citizen(JIANGXI)
    me.begin()
    me.post("fill/contact/", **CONTACT)
    page = me.get("check/")
    assert "还缺" in page
    assert "无力缴费声明" in page
    before = world()
    assert me.client.post(me.address("sign/"), {"name": "陈桂芳", "seen": "1"}).headers["Location"] == me.address("check/")
    assert world() == before


def test_signing_twice_hands_in_once(citizen: Callable[[str], Citizen]) -> None:
    me = citizen(JIANGXI)
    me.begin()
    me.fill()
    form = {**me.hidden(me.address("sign/")), "name": "陈桂芳"}
    answers = [me.client.post(me.address("sign/"), form).headers["Location"] for _time in range(2)]
    assert answers == [me.address("done/")] * 2
    assert list(me.case.steps.values_list("verb", flat=True)) == ["begin", "submit"]


@pytest.mark.parametrize("page", ["fill/contact/", "papers/identity_card/", "sign/", "withdraw/"])
def test_an_old_window_is_told_that_the_application_went_on(citizen: Callable[[str], Citizen], page: str) -> None:
    """Another window has handed the application in meanwhile."""
    me = citizen(JIANGXI)
    me.begin()
    me.fill()
    old = me.hidden(me.address(page))
    me.post("sign/", name="陈桂芳")
    before = world()
    values = {**CONTACT, "name": "陈桂芳", "reason": "不想办了", "file": SimpleUploadedFile("证.jpg", JPEG)}
    answer = me.client.post(me.address(page), {**values, **old})
    assert (answer.status_code, "这一页已经过时了" in answer.content.decode()) == (409, True)
    assert world() == before


def test_beginning_twice_opens_one_and_leads_to_it(citizen: Callable[[str], Citizen]) -> None:
    me = citizen(JIANGXI)
    form = {**me.hidden(f"/citizen/apply/{JIANGXI}/"), "route": "ordinary"}
    here = [me.client.post(f"/citizen/apply/{JIANGXI}/", form).headers["Location"] for _time in range(2)]
    assert here == [me.address("known/")] * 2
    fresh = me.client.post(f"/citizen/apply/{JIANGXI}/", {"route": "ordinary"}, follow=True)
    assert (fresh.redirect_chain[-1][0], "已经有一份申请在办" in fresh.content.decode()) == (me.address(), True)
    assert me.client.get(f"/citizen/apply/{JIANGXI}/").headers["Location"] == me.address()
    assert Case.objects.count() == 1


@pytest.mark.parametrize("route", ["", "final_year", "<b>"])
def test_a_course_must_be_chosen(citizen: Callable[[str], Citizen], route: str) -> None:
    me = citizen(JIANGXI)
    answer = me.send(f"/citizen/apply/{JIANGXI}/", route=route)
    assert (answer.status_code, Case.objects.count()) == (422, 0)


@pytest.mark.parametrize("policy", [RUGAO, TONGLING, "ganzhou-2021-7", "nothing"])
def test_a_programme_of_another_place_cannot_be_applied_for(citizen: Callable[[str], Citizen], policy: str) -> None:
    me = citizen(JIANGXI)
    assert me.client.get(f"/citizen/apply/{policy}/").status_code == 404
    assert me.client.post(f"/citizen/apply/{policy}/", {"route": "ordinary"}).status_code == 404
    assert Case.objects.count() == 0


def test_words_are_shown_as_words(citizen: Callable[[str], Citizen]) -> None:
    me = citizen(JIANGXI)
    me.begin()
    me.post("fill/contact/", **{**CONTACT, "address": "<img src=x onerror=alert(1)>"})
    page = me.get("check/")
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


@pytest.mark.clauses("rg-11")
def test_outside_the_fourth_quarter_an_officer_must_accept_the_reason(
    citizen: Callable[[str], Citizen], clock: Callable[[datetime], None]
) -> None:
    me = citizen(RUGAO)
    clock(datetime(2026, 6, 1, 1, tzinfo=NOW.tzinfo))
    assert "10 月到 12 月" in me.client.get(f"/citizen/apply/{RUGAO}/").content.decode()
    me.begin()
    me.fill()
    refused(me, "sign/", "不在受理期", name="陈桂芳")
    assert "为什么现在申请" in me.get()
    me.post("fill/late/", late_reason="上半年住院")
    assert me.case.application.late_reason == "上半年住院"


def test_a_form_shown_before_a_return_is_out_of_date(citizen: Callable[[str], Citizen]) -> None:
    me = citizen(JIANGXI)
    me.begin()
    me.fill()
    old = me.hidden(me.address("fill/contact/"))
    me.post("sign/", name="陈桂芳")
    reviewer = me.offices.at("agency_reviewer")
    return_for_correction(me.case.pk, reason="住址写到组", request=Request("back"), actor=reviewer, now=NOW)
    before = world()
    assert me.client.post(me.address("fill/contact/"), {**CONTACT, "address": "旧", **old}).status_code == 409
    assert world() == before
    assert me.post("fill/contact/", **CONTACT).status_code == 302


@pytest.mark.clauses("rg-annex1-n1", "rg-12.1b")
def test_what_is_still_lacking_among_the_papers_is_the_certificate(citizen: Callable[[str], Citizen]) -> None:
    me = citizen(RUGAO)
    me.begin()
    me.post("fill/hardship/", category="laid_off", certificate="320682-17")
    for kind in ("identity_card", "household_booklet"):
        me.post(f"papers/{kind}/", file=SimpleUploadedFile("证.jpg", JPEG + kind.encode()))
    page = me.get("papers/")
    assert page.count("还没传") == 1
    assert page.index("就业创业证") < page.index("还没传")
    assert "原件拿到" in page


def test_a_list_makes_the_certificate_needless(citizen: Callable[[str], Citizen]) -> None:
    me = citizen(RUGAO)
    listed(me.person, "dibao", "civil_affairs")
    me.begin()
    assert re.search(r'value="dibao"[^>]*checked', me.get("fill/hardship/"))
    me.post("fill/hardship/", category="dibao", certificate="")
    page = me.get("papers/")
    assert "不用交" in page
    assert "民政局的名册上有您" in page


def test_without_a_cooperating_bank_none_can_be_chosen(citizen: Callable[[str], Citizen]) -> None:
    me = citizen(TONGLING)
    BankCooperation.objects.update(starts_on=date(2027, 1, 1))
    me.begin()
    assert "还没有登记办这项贷款的银行" in me.get("fill/bank/")
    refused(me, "fill/bank/", "请从列表里选一个", office=str(me.offices.office(OrganisationKind.BANK).pk))
