"""The public pages of contributions on behalf: can it be paid, by whom, how much does one pay, what is missing."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db
PENGSHUI = {"birth": "1980-05", "insured": "here", "on": "2022-03-01"}


def answered(client: Client, policy: str, case: dict[str, Any]) -> Any:
    """Return the answer that a page was drawn with."""
    page = client.get(f"/calculator/on-behalf/{policy}/?{urlencode(case, doseq=True)}")
    assert page.status_code == 200
    return page.context["answer"]


@pytest.mark.parametrize(
    ("policy", "case", "verdict", "figures"),
    [
        ("pengshui-2022", {"lists": ["dibao", "tekun"], "tier": "500"}, "met", ["100.00 元", "400.00 元", "民政局"]),
        ("pengshui-2022", {"lists": ["dibao"]}, "met", ["70.00 元", "30.00 元", "民政局"]),
        ("pengshui-2022", {"lists": ["severe_disability"]}, "met", ["100.00 元", "0.00 元", "残联"]),
        ("pengshui-2022", {"lists": ["return_to_poverty"]}, "met", ["70.00 元", "30.00 元", "乡村振兴部门"]),
        ("pengshui-2022", {"lists": ["dibao"], "flags": ["student"]}, "not_met", []),
        ("pengshui-2022", {"lists": ["dibao"], "insured": "away"}, "not_met", []),
        ("pengshui-2022", {"lists": []}, "not_met", []),
        ("pengshui-2022", {"lists": ["unsure"]}, "evidence_missing", []),
        ("ganzhou-2021-7", {"lists": ["monitored"]}, "met", ["100.00 元", "0.00 元", "财政局"]),
        ("ganzhou-2021-7", {"lists": ["dibao"], "insured": "employee"}, "not_met", []),
        ("ganzhou-2021-7", {"lists": ["dibao"], "birth": "1950-01"}, "not_met", []),
    ],
    ids=["特困低保", "低保", "重残", "返贫", "在校", "外省", "不在名单", "不清楚", "赣州监测", "赣州职工", "赣州已满60"],
)
def test_can_it_be_paid_and_what_is_left_to_pay(
    client: Client, policy: str, case: dict[str, Any], verdict: str, figures: list[str]
) -> None:
    """Who is on which list decides; without a yes there is no figure."""
    found = answered(client, policy, {**PENGSHUI, **case})
    assert found.judged.verdict == verdict
    assert [one.figure for one in found.big] == figures


def test_what_is_missing_is_a_paper(client: Client) -> None:
    """Not to know is never a no: the page names what would settle it."""
    found = answered(client, "pengshui-2022", {**PENGSHUI, "lists": ["unsure"]})
    assert ("低保对象", "低保对象名册或证明") in found.missing
    assert found.tone == "wait"


def test_a_document_past_its_term_says_so(client: Client) -> None:
    """Without an extension it opens on its last day; a later day is a fault of that field."""
    page = client.get("/calculator/on-behalf/pengshui-2022/?birth=1980-05&lists=dibao")
    assert "这个文件执行到 2022-12-31" in page.content.decode()
    assert page.context["answer"].judged.verdict == "met"
    late = client.get("/calculator/on-behalf/pengshui-2022/?birth=1980-05&on=2026-10-12")
    assert late.context["form"].errors["on"] == ["2026-10-12 不在施行期内（2022-01-01 起，2022-12-31 止）"]


@pytest.mark.parametrize(
    ("case", "field"),
    [
        ({"birth": "1980-13"}, "birth"),
        ({"lists": "kings"}, "lists"),
        ({"tier": "1"}, "tier"),
        ({"insured": "x"}, "insured"),
        ({"on": "gestern"}, "on"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(client: Client, case: dict[str, str], field: str) -> None:
    """A message, never a broken page."""
    page = client.get(f"/calculator/on-behalf/pengshui-2022/?{urlencode({**PENGSHUI, **case})}", headers={"HX-Request": "true"})
    assert page.status_code == 200
    assert field in page.context["form"].errors


def test_nothing_is_stored_and_the_link_brings_the_case_back(client: Client) -> None:
    """Only readings; several lists stand in the address one by one."""
    case = urlencode({**PENGSHUI, "lists": ["dibao", "tekun"], "tier": "500"}, doseq=True)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"/calculator/on-behalf/pengshui-2022/?{case}")
    assert all(query["sql"].startswith("SELECT") for query in asked)
    assert page["Cache-Control"] == "no-store"
    again = client.get(page.context["address"].removeprefix("http://testserver"))
    assert again.context["answer"].big == page.context["answer"].big
