"""The page to take home: one sheet of A4, in words everybody reads."""

import re

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from tests.documents.reading import read
from tests.documents.reading_level import above_the_level
from zhubao.web.calculator import views
from zhubao.web.calculator.leaflets import leaflet_of
from zhubao.web.guidance import views as guidance

from .test_loans import JIANGXI, RUGAO, TONGLING, address

pytestmark = [pytest.mark.django_db, pytest.mark.clauses("gz-13a")]
CASES = [("rugao-draft", RUGAO), ("jiangxi-2020-7", JIANGXI), ("tongling-2022-13", TONGLING)]
ADVICE = "/guidance/ganzhou/leaflet.pdf?birth=1988-06&category=male60&scheme=none&on=2026-10-12"
A4 = (595.3, 841.9)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("到手还有 738.19 元。", [], id="平常话"),
        pytest.param("逾期未缴者予以豁免。", [], id="书面语，字还常用"),
        pytest.param("羁縻", ["羁", "縻"], id="生僻字"),
        pytest.param(f"参保人员{'很' * 22}。", [f"参保人员{'很' * 22}"], id="一句太长"),
        pytest.param("参保人员在领养老金期间；自己付利息。", [], id="分成两句"),
    ],
)  # fmt: skip
def test_rare_characters_and_long_sentences_are_above_the_level(text: str, found: list[str]) -> None:
    assert above_the_level(text) == found


@pytest.mark.parametrize(("policy", "case"), CASES, ids=["如皋", "江西", "铜陵"])
def test_every_word_of_the_leaflet_is_at_the_level(policy: str, case: dict[str, str]) -> None:
    request = RequestFactory().get(address(policy, case, "leaflet.pdf"))
    page, form, found = views.reckoned(request, policy)
    assert found is not None
    leaflet = leaflet_of(page, form, found, "https://example.org/")
    assert leaflet is not None
    printed = read(leaflet)
    assert "还得起" in printed.values
    assert [hard for text in (*printed.labels, *printed.values) for hard in above_the_level(text)] == []


def test_so_is_every_word_of_the_advice_on_schemes() -> None:
    with translation.override("zh-hans"):
        here, form, found = guidance.reckoned(RequestFactory().get(ADVICE), "ganzhou")
        assert found is not None
        printed = read(guidance.leaflet_of(here, form, found, "https://example.org/"))
    assert [hard for text in (*printed.labels, *printed.values) for hard in above_the_level(text)] == []


@pytest.mark.parametrize(
    "where",
    [*(address(policy, case, "leaflet.pdf") for policy, case in CASES), ADVICE],
    ids=["如皋", "江西", "铜陵", "赣州"],
)  # fmt: skip
def test_the_leaflet_is_printed_on_a4(client: Client, where: str) -> None:
    sheet = client.get(where).content
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", sheet)
    assert {(round(float(width), 1), round(float(height), 1)) for width, height in boxes} == {A4}
