"""The first morning of a month: every county with an agency, and one that lacks a figure keeps no other waiting."""

from datetime import date

import pytest

from tests.accounts.hands import SYSTEM, at, resident
from zhubao.access.actions import add_organisation, add_region
from zhubao.access.roles import OrganisationKind
from zhubao.accounts.benefits.models import Benefit, BenefitRun
from zhubao.procedures.benefits_month import run_counties

pytestmark = pytest.mark.django_db


@pytest.mark.clauses("ps-3.1c")
def test_each_county_has_its_month_once() -> None:
    for code, name in (("36", "江西省"), ("3607", "赣州市"), ("360702", "章贡区"), ("360703", "南康区")):
        region = add_region(code, name, actor=SYSTEM, now=at(2022, 1, 1))
        if len(code) == 6:
            add_organisation(region, OrganisationKind.AGENCY, f"{name}经办机构", actor=SYSTEM, now=at(2022, 1, 1))
    resident("19620331", 22)
    for _twice in range(2):
        assert run_counties(date(2022, 3, 1), now=at(2022, 3, 1)) == {"360702": "", "360703": ""}
    assert list(BenefitRun.objects.order_by("region_code").values_list("region_code", "of_age")) == [("360702", 1), ("360703", 0)]
    assert Benefit.objects.get().region_code.startswith("360702")
