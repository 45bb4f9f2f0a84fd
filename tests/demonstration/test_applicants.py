"""Applicants by design: the policy of the place gives each of them the verdict, the payer and the reason they were made for."""

from functools import cache

import pytest

from zhubao.demonstration.applicants import DESIGNS, LOAN_REGIONS, Applicant, applicants
from zhubao.demonstration.facts import applicant_facts, person_facts
from zhubao.demonstration.numbers import NumberIssuer
from zhubao.demonstration.parameters import demonstration_parameters_for
from zhubao.demonstration.people import people
from zhubao.demonstration.regions import DEMONSTRATION_DAY, REGIONS, RegionKey
from zhubao.parameters import ParameterBook
from zhubao.policies import ganzhou, jiangxi, pengshui, rugao, tongling
from zhubao.rules.assessment import Assessment

POLICIES = {"jiangxi": jiangxi, "rugao": rugao, "tongling": tongling, "pengshui": pengshui, "ganzhou": ganzhou}
CASES = [(region, design.key) for region in LOAN_REGIONS for design in DESIGNS[region]]


@cache
def book(region: RegionKey) -> ParameterBook:
    return ParameterBook(demonstration_parameters_for(region))


@cache
def asking(region: RegionKey) -> tuple[Applicant, ...]:
    return applicants(3 * len(DESIGNS[region]), 7, region, NumberIssuer())


def assessed(applicant: Applicant) -> Assessment:
    region = applicant.person.region
    result: Assessment = POLICIES[region].assess(applicant_facts(applicant), on=DEMONSTRATION_DAY, book=book(region))
    return result


@pytest.mark.parametrize(("region", "key"), CASES, ids=[f"{region}-{key}" for region, key in CASES])
def test_designed_lives_get_their_verdict(region: RegionKey, key: str) -> None:
    lives = [applicant for applicant in asking(region) if applicant.design.key == key]
    assert len(lives) == 3
    for applicant in lives:
        result = assessed(applicant)
        assert result.verdict == applicant.design.expected
        if applicant.design.payer:
            assert result.payer == applicant.design.payer
        if applicant.design.clause:
            clauses = {row.id: row.as_json("zh")["verdict"] for row in result.clauses}
            assert clauses[applicant.design.clause] == applicant.design.expected


@pytest.mark.parametrize("region", ["pengshui", "ganzhou"])
def test_people_on_the_rosters_of_an_assistance_county_get_both_answers(region: RegionKey) -> None:
    verdicts = {
        POLICIES[region].assess(person_facts(person), on=DEMONSTRATION_DAY, book=book(region)).verdict
        for person in people(600, 7, region)
        if person.identities
    }
    assert {"met", "not_met"} <= verdicts


def test_both_loan_programmes_show_every_outcome() -> None:
    for region in ("rugao", "jiangxi"):
        assert {design.expected for design in DESIGNS[region]} == {"met", "not_met", "evidence_missing"}


def test_applicants_live_and_are_insured_where_their_region_is() -> None:
    for region in LOAN_REGIONS:
        assert {applicant.person.insured_locality for applicant in asking(region)} == {REGIONS[region].code}
