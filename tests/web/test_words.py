"""What an error says on a page: the signs of the page's language, no code of the program's own."""

import pytest
from django.utils.translation import override

from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.web.clerk.words import explained

PROBLEM, REMEDY = Text("还没有结清", "it is not settled"), Text("请先结清", "settle it first")


@pytest.mark.parametrize(
    ("place", "remedy", "zh", "en"),
    [
        pytest.param("L1", REMEDY, "L1：还没有结清；请先结清", "L1: it is not settled; settle it first", id="贷款 loan"),
        pytest.param("", None, "还没有结清", "it is not settled", id="无处 nowhere"),
        pytest.param("verification:5", None, "还没有结清", "it is not settled", id="行号 key of a row"),
        pytest.param("2021-06-18", None, "2021-06-18：还没有结清", "2021-06-18: it is not settled", id="日期 day"),
    ],
)
def test_an_error_is_said_in_the_language_of_the_page(place: str, remedy: Text | None, zh: str, en: str) -> None:
    error = ZhubaoError("E-STATE", PROBLEM, place=place, remedy=remedy)
    with override("zh-hans"):
        assert explained(error) == zh
    with override("en"):
        assert explained(error) == en
