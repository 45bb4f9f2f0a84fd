"""The measures of the demonstration's Ganzhou county: a year as it is shown, whole again after a second start."""

from datetime import date

import pytest

from tests.oversight.measures.counties import a_county
from zhubao.demonstration.regions import REGIONS
from zhubao.oversight.measures.models import Bulletin, FundYear, Measure
from zhubao.procedures.demonstration_measures import fill_measures

pytestmark = pytest.mark.django_db


def test_a_year_of_measures() -> None:
    a_county(REGIONS["ganzhou"].code)
    for _again in range(2):
        assert fill_measures(date(2026, 10, 12)) == 16
    states = dict(Measure.objects.values_list("measure_id", "state"))
    assert (states["gz-1"], states["gz-4"], states["gz-13"], states["gz-5-pilot"]) == (
        "active", "overdue", "active", "waiting_superior",
    )  # fmt: skip
    assert Measure.objects.get(measure_id="gz-4").missed == 2
    assert [bulletin.period_from.month for bulletin in Bulletin.objects.order_by("period_from")] == [1, 4]
    assert FundYear.objects.count() == 3
