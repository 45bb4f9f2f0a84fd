"""The demonstration's claims in small: each bank's file gets as far as it is told, with the mistakes such files have."""

from datetime import timedelta

import pytest

from tests.loans.lives import PostOf, at
from zhubao.access.roles import OrganisationKind
from zhubao.demonstration.regions import REGIONS
from zhubao.loans.models import ClaimLine
from zhubao.loans.states import RUGAO
from zhubao.procedures.demonstration_cases import claims
from zhubao.procedures.demonstration_cases.offices import Desk
from zhubao.tasks.models import Task

from .claims import borrowers

pytestmark = pytest.mark.django_db
EVENING = at(2022, 1, 24)


@pytest.mark.parametrize(
    ("until", "verb"),
    [
        ("checked", "settle_lines"),
        ("agency_verified", "prepare_payment"),
        ("payment_prepared", "approve"),
        ("returned", "resubmit"),
    ],
)
def test_a_claim_stands_where_it_should_and_waits_there(
    post_of: PostOf, monkeypatch: pytest.MonkeyPatch, until: str, verb: str
) -> None:
    monkeypatch.setattr(claims, "YEAR", 2021)
    monkeypatch.setattr(claims, "UNTIL", {"rugao": (until,)})
    borrowers(post_of, 3, RUGAO)
    (claim,) = claims.claim_the_year(Desk(REGIONS["rugao"]), now=EVENING)
    assert (claim.state, claim.receiver.kind, claim.received_on) == (
        until,
        OrganisationKind.HRSS,
        (EVENING - timedelta(days=12)).date(),
    )
    lines = ClaimLine.objects.filter(claim=claim).order_by("loan_number").values_list("cause", "refused")
    wrong = [("arithmetic", ""), ("", "E-LOAN-UNKNOWN"), ("rate", ""), ("", "")]
    assert list(lines) == (wrong if until == "checked" else [("", "")] * 3)
    assert Task.objects.open().get(subject=claim.subject).kind == f"claim.rugao.{verb}"


def test_a_county_without_claims_has_none(post_of: PostOf) -> None:
    assert claims.claim_the_year(Desk(REGIONS["rugao"]), now=EVENING) == []
