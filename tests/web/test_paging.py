"""Long lists are counted up to a limit and say so."""

import pytest

from zhubao.access.models import Region
from zhubao.web import paging
from zhubao.web.paging import LongPaginator, counted


@pytest.mark.parametrize(("number", "words"), [(0, "0"), (9_999, "9999"), (10_000, "9999+"), (73_512, "9999+")])
def test_a_count_stops_at_its_limit(number: int, words: str) -> None:
    assert counted(number) == words


@pytest.mark.django_db
def test_pages_end_where_the_count_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "COUNTED", 4)
    Region.objects.bulk_create(Region(code=f"3{number}", name="") for number in range(9))
    pages = LongPaginator(Region.objects.order_by("code"), 2)
    assert (pages.count, pages.num_pages, pages.count_said) == (5, 3, "4+")
    assert [region.code for region in pages.page(2)] == ["32", "33"]
