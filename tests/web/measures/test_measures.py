"""The pages of measures: who sees what, a report from the press to the history, figures, fund, and the bulletin on screen and paper."""

from collections.abc import Callable

import fastexcel
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.oversight.measures.counties import COUNTY, GANZHOU, SYSTEM, a_county, at, post_at, taken_up
from tests.people.tables import number
from zhubao.access.models import AuditEntry, Post, User
from zhubao.access.roles import OrganisationKind, Role
from zhubao.oversight.measures.models import Bulletin, FundYear, IndicatorFigure, Measure
from zhubao.oversight.stories.models import CaseStory
from zhubao.people.actions import register_person
from zhubao.programmes.models import LocalFigure
from zhubao.tasks.models import Task
from zhubao.web.cases.subjects import named

pytestmark = pytest.mark.django_db
NOW = at(2022, 4, 12)
BACKEND = "django.contrib.auth.backends.ModelBackend"
ZH = {"accept-language": "zh-hans"}
HRSS, FINANCE, TAX, CIVIL = (
    OrganisationKind.HRSS,
    OrganisationKind.FINANCE,
    OrganisationKind.TAX,
    OrganisationKind.CIVIL_AFFAIRS,
)
Desk = Callable[[OrganisationKind], Client]


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    a_county()
    taken_up()
    monkeypatch.setattr("zhubao.access.clock.now", lambda: NOW)
    monkeypatch.setattr("zhubao.access.clock.today", NOW.date)
    return signed_in


def signed_in(kind: OrganisationKind, role: str = "") -> Client:
    """Return a client signed in at the first post of an office of the county."""
    post = Post.objects.get(pk=post_at(kind).post_id or 0) if not role else Post.objects.filter(role=role).order_by("pk")[0]
    client = Client(headers=ZH)
    client.force_login(post.user, backend=BACKEND)
    return client


@pytest.mark.clauses("gz-1g")
def test_each_unit_sees_what_it_answers_for(desk: Desk) -> None:
    page = desk(OrganisationKind.DISABLED_FEDERATION).get("/measures/").content.decode()
    for words, there in (("困难群体由政府代缴养老保险费", True), ("看得懂、算得清的宣传", True), ("个人账户按年结息", False)):
        assert (words in page) is there, words
    whole = desk(HRSS).get("/measures/").content.decode()
    assert "个人账户按年结息" in whole
    federation = desk(HRSS).get("/measures/?unit=disabled_federation").content.decode()
    assert ("五类人员参保数据定期比对" in federation, "个人账户按年结息" in federation) == (True, False)
    sheet = desk(HRSS).get("/measures/?format=xlsx")
    assert len(fastexcel.read_excel(b"".join(sheet)).load_sheet(0).to_arrow()) == 16
    other = Measure.objects.get(measure_id="gz-7")
    assert desk(OrganisationKind.DISABLED_FEDERATION).get(f"/measures/{other.pk}/").status_code == 404


def test_citizens_committees_and_clerks_at_the_counter_see_nothing(desk: Desk) -> None:
    row = Measure.objects.get(measure_id="gz-1")
    for role in (Role.COMMITTEE_MEMBER, Role.AGENCY_INTAKE, Role.BANK_REVIEWER):
        client = signed_in(HRSS, role)
        before = (AuditEntry.objects.filter(action__startswith="measure").count(), row.steps.count())
        for address in ("/measures/", f"/measures/{row.pk}/", "/measures/figures/", "/measures/fund/", "/measures/bulletins/"):
            assert client.get(address).status_code == 403, (role, address)
        assert client.post(f"/measures/{row.pk}/steps/report/", {"words": "x"}).status_code == 403
        assert (AuditEntry.objects.filter(action__startswith="measure").count(), row.steps.count()) == before
    citizen = Client()
    citizen.force_login(User.objects.create(username="nobody", name="居民", password="!"), backend=BACKEND)
    assert citizen.get("/measures/").status_code in (302, 403)


def test_a_report_evidence_and_closing(desk: Desk) -> None:
    row = Measure.objects.get(measure_id="gz-13")
    page = f"/measures/{row.pk}/"
    bureau = desk(HRSS)
    (task,) = Task.objects.open().filter(subject=row.subject)
    assert named([task.subject])[task.subject].address == page
    assert desk(TAX).post(f"{page}steps/start/", {"words": "税务先报", "seen": "planned"}).status_code == 403
    bureau.post(f"{page}steps/start/", {"words": "一季度宣传三场", "seen": "planned"})
    assert "一季度宣传三场" in bureau.get(page).content.decode()
    bureau.post(f"{page}steps/close/", {"words": "完成", "seen": "active"})
    assert Measure.objects.get(pk=row.pk).state == "active"
    paper = SimpleUploadedFile("总结.pdf", b"%PDF-1.7 test")
    desk(TAX).post(f"{page}evidence/", {"note": "税务总结", "file": paper})
    assert b"".join(bureau.get(f"{page}evidence/{row.evidence.get().pk}/")) == b"%PDF-1.7 test"
    desk(TAX).post(f"{page}events/", {"held_on": "2022-04-01", "place": "圩日集市", "about": "算明白账", "people": "120"})
    assert "圩日集市" in bureau.get(page).content.decode()
    bureau.post(f"{page}steps/close/", {"words": "完成", "seen": "active"})
    assert Measure.objects.get(pk=row.pk).state == "closed"


def test_lead_days_and_the_superiors_plan(desk: Desk) -> None:
    row = Measure.objects.get(measure_id="gz-5-pilot")
    page = f"/measures/{row.pk}/"
    finance = post_at(FINANCE).organisation_id
    desk(HRSS).post(f"{page}steps/assign/", {"words": "由财政牵头", "lead": str(finance)})
    desk(HRSS).post(f"{page}steps/superior_plan/", {"words": "省试点方案", "due_on": "2022-06-30"})
    row.refresh_from_db()
    assert (row.lead_id, row.state, str(row.due_on)) == (finance, "active", "2022-06-30")
    assert desk(HRSS).post(f"{page}steps/miss/", {"words": "x"}).status_code == 404


@pytest.mark.clauses("gz-11a", "gz-4a", "gz-4b")
def test_figures_are_handed_in_by_their_unit_and_corrected_with_a_reason(desk: Desk) -> None:
    finance = desk(FINANCE)
    assert finance.get("/measures/figures/training_hours/").status_code == 404
    assert finance.get("/measures/figures/beauty/").status_code == 404
    address = "/measures/figures/skill_subsidy_fen/"
    given = {"day": "2022-03-31", "document": "一季度发放表", "numerator": "-5"}
    assert finance.post(address, given).status_code == 422
    assert not IndicatorFigure.objects.exists()
    assert finance.post(address, {**given, "numerator": "45000.50"}).status_code == 302
    assert finance.post(address, {**given, "numerator": "46000"}).status_code == 422
    assert finance.post(address, {**given, "numerator": "46000", "because": "漏报"}).status_code == 302
    page = finance.get("/measures/figures/").content.decode()
    assert ("<s>45,000.50</s>" in page, "46,000.00" in page, "漏报" in page) == (True, True, True)
    rows = fastexcel.read_excel(b"".join(finance.get("/measures/figures/?format=xlsx"))).load_sheet(0).to_arrow()
    assert len(rows) == 2


@pytest.mark.clauses("gz-9a", "gz-9c")
def test_the_fund_against_four_fifths(desk: Desk) -> None:
    given = {
        "year": "2022", "surplus_fen": "100000000", "entrusted_fen": "79999999.99", "gains_fen": "4000000",
        "average_assets_fen": "100000000", "document": "2021年度决算", "audited_on": "2022-03-20",
    }  # fmt: skip
    assert desk(HRSS).post("/measures/fund/", given).status_code == 403
    assert not FundYear.objects.exists()
    finance = desk(FINANCE)
    assert finance.post("/measures/fund/", given).status_code == 302
    page = finance.get("/measures/fund/").content.decode()
    for words in ("79.99%", "未达标", "4.00%", "A-GZ-6", "<svg"):
        assert words in page, words
    finance.post("/measures/fund/", {**given, "entrusted_fen": "80000000", "because": "更正"})
    page = finance.get("/measures/fund/").content.decode()
    assert ("80.00%" in page, "已更正的旧数" in page) == (True, True)


@pytest.mark.clauses("gz-0.2", "jx-5.2b")
def test_the_bulletin_before_printing_given_out_and_corrected(desk: Desk) -> None:
    bureau, asked = desk(HRSS), {"policy": GANZHOU, "quarter": "2022-01-01"}
    assert "2022 年第 1 季度未印发" in bureau.get("/measures/bulletins/").content.decode()
    draft = bureau.get("/measures/bulletins/preview/", asked).content.decode()
    for words in ("防因老返贫", "防因工伤返贫", "防因失业返贫", "2022 年第 1 季度", "没有超期未报的措施"):
        assert words in draft, words
    assert bureau.get("/measures/bulletins/preview/", {**asked, "format": "pdf"}).content[:5] == b"%PDF-"
    assert desk(FINANCE).post("/measures/bulletins/give-out/", asked).status_code == 403
    assert not Bulletin.objects.exists()
    one = bureau.post("/measures/bulletins/give-out/", asked)["location"]
    finance = desk(FINANCE)
    finance.post("/measures/figures/skill_subsidy_fen/", {"day": "2022-03-31", "document": "发放表", "numerator": "45000"})
    two = bureau.post("/measures/bulletins/give-out/", {**asked, "because": "补报"})["location"]
    page = bureau.get(two).content.decode()
    assert ("<s>未报</s>" in page, "45,000.00" in page) == (True, True)
    assert "45,000.00" not in bureau.get(one).content.decode()
    number = one.rstrip("/").rsplit("/", 1)[1]
    paper = bureau.get(f"/measures/bulletins/{number}.pdf")
    assert (paper.content[:5], paper.content) == (b"%PDF-", bureau.get(f"/measures/bulletins/{number}.pdf").content)
    book = fastexcel.read_excel(finance.get(f"/measures/bulletins/{number}.xlsx").content)
    assert book.sheet_names == ["超期未报", "措施进展", "防因老返贫", "防因工伤返贫", "防因失业返贫", "其他", "基金"]


@pytest.mark.clauses("jx-5.2a", "jx-5.2b")
def test_the_city_sees_who_gave_none_out_and_every_county_with_the_sum(desk: Desk) -> None:
    taken_up(COUNTY, "jiangxi-2020-7")
    post = Post.objects.get(pk=post_at(HRSS).post_id or 0)
    Post.objects.filter(pk=post.pk).update(scope_id="3607")
    page = desk(HRSS).get("/measures/bulletins/", {"policy": "jiangxi-2020-7"}).content.decode()
    for words in ("分县对照", "申请件数", "放款金额", "合计", "未印发"):
        assert words in page, words


@pytest.mark.clauses("gz-10a", "gz-6a")
def test_the_risk_register_and_who_leads_the_way(desk: Desk) -> None:
    page = f"/measures/{Measure.objects.get(measure_id='gz-10').pk}/"
    tax = post_at(TAX).organisation_id
    given = {"dimension": "handling", "risk": "一人办到底", "control": "录入与审核分开", "owner": str(tax), "since": "2022-03-01"}
    desk(TAX).post(f"{page}controls/", given)
    assert "录入与审核分开" in desk(HRSS).get(page).content.decode()
    LocalFigure.objects.create(
        area_code=COUNTY, name="setting.county_kind", value="demonstration", unit="text", effective_from="2021-01-01",
        source="市里名单", decided_by="市人社局", entered_at=at(2021, 1, 1),
    )  # fmt: skip
    for day, yuan in (("2021-06-01", "123"), ("2022-01-01", "133")):
        given = {"day": day, "numerator": yuan, "document": f"{day[:4]}年文件"}
        assert desk(FINANCE).post("/measures/figures/basic_pension_fen/", given).status_code == 302
    text = desk(HRSS).get(f"/measures/{Measure.objects.get(measure_id='gz-6').pk}/").content.decode()
    for words in ("示范县", "2022: 133.00", "2021: 123.00"):
        assert words in text, words


@pytest.mark.clauses("gz-13b")
def test_a_story_is_read_by_the_public_only_once_consent_is_there_and_the_name_is_not(desk: Desk) -> None:
    row, bureau, anybody = Measure.objects.get(measure_id="gz-13"), desk(HRSS), Client(headers=ZH)
    whole = number("19560903", 17, COUNTY)
    register_person(whole, "沈志远", region_code=f"{COUNTY}102201", actor=SYSTEM, now=NOW)
    page, title = f"/measures/{row.pk}/", "每年 200 元，换来每月养老金"
    bureau.post(f"{page}stories/", {"id_number": whole, "title": title, "text": "沈志远说心里踏实了。"})
    story = CaseStory.objects.get()
    steps = f"{page}stories/{story.pk}/"

    def told() -> str:
        return bureau.post(f"{steps}publish/", follow=True).content.decode()

    assert "没有本人同意，不能发布" in told()
    consent = {"on": "2022-04-11", "paper": "同意书，宣传卷 2022-3"}
    bureau.post(f"{steps}consent/", consent)
    assert "文字会暴露身份：姓名" in told()
    assert title not in anybody.get("/measures/stories/").content.decode()
    bureau.post(f"{steps}reword/", {"title": title, "text": "沈大爷说心里踏实了。"})
    bureau.post(f"{steps}consent/", consent)
    told()
    public = anybody.get("/measures/stories/").content.decode()
    for words, there in ((title, True), ("沈大爷说心里踏实了。", True), ("沈**", True), ("沈志远", False), (whole, False)):
        assert (words in public) is there, words
    assert desk(TAX).post(f"{steps}withdraw/", {"because": "本人不再同意"}).status_code == 302
    assert title not in anybody.get("/measures/stories/").content.decode()
    assert bureau.post(f"{page}stories/0/publish/").status_code == 404
