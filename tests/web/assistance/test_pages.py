"""The pages of a plan: from the list of plans to one person, the workbook, a what-if and a list that shrank, as each post sees them."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from tests.assistance.pengshui import PEOPLE, SYSTEM, County, at, hand_in, remembered_county, update
from tests.assistance.test_correcting import paid_then_told
from zhubao.access.roles import Role
from zhubao.assistance.models import PlanRun, PlanRunKind
from zhubao.assistance.planning.opening import publish_plan
from zhubao.assistance.planning.reckoning import reckon
from zhubao.procedures import jobs

Open = Callable[[str], Client]


@pytest.fixture
def county(db: None, monkeypatch: pytest.MonkeyPatch) -> County:
    """Return the county with a plan that waits to be published; what the pages ask for is done at once."""
    made = remembered_county(publish=False)
    monkeypatch.setattr("zhubao.web.assistance.plans.reckon_plan_soon", at_once)
    monkeypatch.setattr("zhubao.web.assistance.runs.reckon_plan_soon", at_once)
    return made


def at_once(run_id: int, _plan_id: int, _post_id: int) -> None:
    run = PlanRun.objects.get(pk=run_id)
    reckon(run_id, actor=SYSTEM, now=run.started_at)


@pytest.fixture
def as_post(county: County, client: Client) -> Open:
    """Return a function from a role to a client signed in at that post."""

    def sign_in(role: str) -> Client:
        client.force_login(county.posts[role].user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def page(client: Client, name: str, *given: object, **asked: str) -> str:
    """Return a page that opens."""
    answer = client.get(reverse(name, args=given), asked)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def test_from_the_plan_each_figure_leads_to_its_rows_and_a_row_says_why(county: County, as_post: Open) -> None:
    assert county.plan is not None
    reviewer, plan = as_post(Role.AGENCY_REVIEWER), county.plan.pk
    assert "780.00" in page(reviewer, "assistance:all")
    assert "category=dibao" in page(reviewer, "assistance:plan", plan)
    dibao = page(reviewer, "assistance:rows", plan, category="dibao", state="planned")
    assert dibao.count("130.00") == 1
    assert "在校学生" in page(reviewer, "assistance:rows", plan, clause="ps-1d")
    waiting = page(reviewer, "assistance:row", county.row("庹翠花").pk)
    assert "补齐代缴对象的核对材料" in waiting
    assert 'id="ps-1b"' in waiting
    assert "2022-06-14" in page(reviewer, "assistance:row", county.row("石开明").pk)


@pytest.mark.clauses("ps-0.2")
def test_the_plan_names_the_documents_it_rests_on(county: County, as_post: Open) -> None:
    assert county.plan is not None
    text = page(as_post(Role.AGENCY_REVIEWER), "assistance:plan", county.plan.pk)
    basis = text[text.index('id="bases"') :]
    assert (
        basis.index("渝人社发〔2018〕82号") < basis.index("#ps-1g") < basis.index("渝人社发〔2021〕39号") < basis.index("#ps-1a")
    )
    assert 'href="/policies/pengshui-2022/"' in text


def test_the_list_of_plans_is_a_workbook_too(county: County, as_post: Open) -> None:
    import fastexcel

    reviewer = as_post(Role.AGENCY_REVIEWER)
    assert reverse("assistance:overview") in page(reviewer, "assistance:all")
    content = reviewer.get(reverse("assistance:overview")).content
    sheet = fastexcel.read_excel(content).load_sheet(0, header_row=None, dtypes="string").to_arrow()
    lines = [[cell for cell in line.values() if cell] for line in sheet.to_pylist()]
    assert ["1", "2022", "彭水苗族土家族自治县", "彭水县2022年困难群体城乡居民养老保险费代缴", "编制中"] in [
        line[:5] for line in lines
    ]


def test_the_workbook_has_the_rows_the_filter_keeps(county: County, as_post: Open) -> None:
    import fastexcel

    assert county.plan is not None
    address = reverse("assistance:workbook", args=[county.plan.pk])
    answer = as_post(Role.AGENCY_REVIEWER).get(address, {"category": "severe_disability"})
    sheet = fastexcel.read_excel(answer.content).load_sheet(0, header_row=None, dtypes="string").to_arrow()
    people = [list(line.values()) for line in sheet.to_pylist() if line["__UNNAMED__0"] in ("1", "2")]
    assert [(line[4], line[5], line[8]) for line in people] == [("一、二级重度残疾人", "残联", "100")] * 2


def test_the_reviewer_tries_out_and_another_publishes(county: County, as_post: Open) -> None:
    assert county.plan is not None
    plan = county.plan.pk
    reviewer = as_post(Role.AGENCY_REVIEWER)
    asked = {"as_of": "2022-02-01", "lowest_tier": "120"}
    answer = reviewer.post(reverse("assistance:try", args=[plan]), asked, follow=True)
    assert "156.00" in answer.content.decode()
    assert reviewer.post(reverse("assistance:publish", args=[plan])).status_code == 403
    approver = as_post(Role.AGENCY_APPROVER)
    approver.post(reverse("assistance:publish", args=[plan]))
    county.plan.refresh_from_db()
    assert county.plan.state == "published"


def test_a_list_that_shrank_is_accepted_with_a_reason_on_its_page(county: County, as_post: Open) -> None:
    gone = ("向文斌", "廖桂香", "石开明")
    hand_in(tuple(each for each in PEOPLE if each.name not in gone), on=date(2022, 3, 8), categories=("dibao",))
    run = update(county, 3, 10, kind=PlanRunKind.MONTHLY)
    approver = as_post(Role.AGENCY_APPROVER)
    assert 'name="reason"' in page(approver, "assistance:run", run.pk)
    given = {"certifier": "civil_affairs", "reason": "民政局函告：年审退出"}
    done = approver.post(reverse("assistance:accept", args=[run.pk]), given, follow=True).content.decode()
    assert {county.row(name).state for name in gone} == {"cancelled"}
    assert "年审退出" in done
    assert approver.get(reverse("assistance:changes", args=[run.pk])).status_code == 200


def test_a_refusal_to_enrol_is_entered_by_hand_with_its_reason(county: County, as_post: Open) -> None:
    row = county.row("龚小兰")
    reviewer = as_post(Role.AGENCY_REVIEWER)
    address = reverse("assistance:take", args=[row.pk])
    assert reviewer.post(address, {"verb": "cancel", "reason": ""}).status_code == 422
    reviewer.post(address, {"verb": "cancel", "reason": "本人书面不参保（2022-01-15 承诺书）"})
    row.refresh_from_db()
    assert (row.state, row.on_behalf_fen, row.because) == ("cancelled", 0, "本人书面不参保（2022-01-15 承诺书）")


@pytest.mark.parametrize(
    ("role", "seen"),
    [(Role.CERTIFIER, 10), (Role.TOWNSHIP_CLERK, 8), (Role.COMMITTEE_MEMBER, 8), (Role.FINANCE_CLERK, 12)],
    ids=["民政 civil affairs", "街道 township", "村 village", "财政 finance"],
)
def test_each_post_sees_its_own_people(county: County, as_post: Open, role: str, seen: int) -> None:
    assert county.plan is not None
    listed = page(as_post(role), "assistance:rows", county.plan.pk)
    assert listed.count("/assistance/rows/") == seen
    assert jobs.reckon_plan.name.endswith("reckon_plan")


def test_another_category_on_the_day_of_payment_is_decided_on_the_page_of_the_row(county: County, as_post: Open) -> None:
    assert county.plan is not None
    county.plan = publish_plan(county.plan.pk, actor=county.by(Role.AGENCY_APPROVER), now=at(1, 12))
    row = paid_then_told(county, "廖桂香", "tekun", "dibao", 13_000)
    shown = page(as_post(Role.AGENCY_REVIEWER), "assistance:row", row.pk)
    assert "缴费当日类别不同" in shown
    assert "30.00" in shown
    address = reverse("assistance:payer", args=[row.pk])
    assert "请选择处理方式" in as_post(Role.AGENCY_REVIEWER).post(address, {"choice": "amount"}, follow=True).content.decode()
    given = {"choice": "amount", "reason": "民政局补报：4月起特困"}
    assert "已登记核定结果" in as_post(Role.AGENCY_REVIEWER).post(address, given, follow=True).content.decode()
    tax = as_post(Role.TAX_CLERK)
    assert "待税务退还" in page(tax, "assistance:row", row.pk)
    back = {"on": "2022-06-15", "reference": "TF-0615"}
    assert "退还已入账" in tax.post(reverse("assistance:back", args=[row.pk]), back, follow=True).content.decode()
    row.refresh_from_db()
    assert (row.category, row.on_behalf_fen, row.self_paid_fen) == ("tekun", 10_000, 10_000)
