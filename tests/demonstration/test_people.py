"""Invented people: the same every time, formally valid, marked as synthetic, plausible as a county."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from zhubao.demonstration.numbers import ORDER_BAND, NumberIssuer, is_marked_synthetic
from zhubao.demonstration.people import SyntheticPerson, people
from zhubao.demonstration.regions import DEMONSTRATION_DAY, ELSEWHERE, REGIONS, RegionKey
from zhubao.identity import CitizenNumber, read_number

ALL_REGIONS = tuple(REGIONS)


@pytest.fixture(scope="module", params=ALL_REGIONS)
def county(request: pytest.FixtureRequest) -> tuple[RegionKey, list[SyntheticPerson]]:
    return request.param, list(people(1_500, 7, request.param))


def test_same_seed_same_people_another_seed_others() -> None:
    first, again, other = (list(people(300, seed, "pengshui")) for seed in (7, 7, 8))
    assert first == again
    assert first != other


def test_a_longer_stream_begins_like_a_shorter_one() -> None:
    assert list(people(400, 7, "rugao"))[:150] == list(people(150, 7, "rugao"))


def test_every_number_is_valid_unique_and_agrees_with_the_person(county: tuple[RegionKey, list[SyntheticPerson]]) -> None:
    region, crowd = county
    codes = {code.code for code in REGIONS[region].number_codes} | set(ELSEWHERE)
    assert len({person.id_number for person in crowd}) == len(crowd)
    for person in crowd:
        number = read_number(person.id_number, DEMONSTRATION_DAY)
        assert isinstance(number, CitizenNumber)
        assert (number.text, number.birth, number.sex, number.converted) == (person.id_number, person.birth, person.sex, False)
        assert number.area_code in codes


def test_every_number_lies_in_the_marked_band(county: tuple[RegionKey, list[SyntheticPerson]]) -> None:
    assert all(is_marked_synthetic(person.id_number) for person in county[1])


@pytest.mark.parametrize("number", ["50024319801230004X", "360721196508120011", "340702195909090055", "36072119650812"])
def test_numbers_outside_the_band_are_not_ours(number: str) -> None:
    assert not is_marked_synthetic(number)


def test_a_full_day_gives_way_to_the_day_before() -> None:
    issuer = NumberIssuer()
    day = date(1970, 3, 1)
    issued = [issuer.issue("500243", day, "female") for _ in range(len(ORDER_BAND) // 2 + 1)]
    assert {birth for birth, _ in issued[:-1]} == {day}
    assert issued[-1][0] == date(1970, 2, 28)
    assert len({number for _, number in issued}) == len(issued)


def test_a_household_shares_its_place_and_head(county: tuple[RegionKey, list[SyntheticPerson]]) -> None:
    for left, right in pairwise(county[1]):
        if left.household == right.household:
            assert (left.township, left.village, left.head_id_number) == (right.township, right.village, right.head_id_number)
        elif right.household_size == 1:
            assert right.head_id_number == right.id_number


def test_statuses_exclude_each_other_and_fit_the_age(county: tuple[RegionKey, list[SyntheticPerson]]) -> None:
    for person in county[1]:
        age = person.age(DEMONSTRATION_DAY)
        assert sum((person.student, person.military, person.imprisoned, person.deceased, person.employed)) <= 1
        assert not person.military or (person.sex == "male" and age < 26)
        assert not person.student or 6 <= age < 23
        assert (person.deceased_on is not None) == person.deceased
        if age < 16:
            assert (person.scheme, person.paid_months) == ("none", 0)
        assert person.paid_months <= max(0, age - 16) * 12


def test_a_county_shows_every_case_of_its_rosters(county: tuple[RegionKey, list[SyntheticPerson]]) -> None:
    region, crowd = county
    kinds = Counter(identity.kind for person in crowd for identity in person.identities)
    shares = REGIONS[region].shares
    for kind in ("dibao", "disabled", "lifted_out", "monitored", "returned_to_poverty", "unemployed", "low_income"):
        assert (kinds[kind] > 0) == (getattr(shares, kind) > 0), kind
    assert any(identity.ends for person in crowd for identity in person.identities)


def test_disability_certificates_begin_with_the_holders_number(county: tuple[RegionKey, list[SyntheticPerson]]) -> None:
    certificates = [(person, person.disability) for person in county[1] if person.disability]
    assert {len(certificate.number) for _, certificate in certificates} == {20, 22}
    for person, certificate in certificates:
        assert certificate.number[:20] == f"{person.id_number}{certificate.kind}{certificate.grade}"
        assert certificate.issued <= DEMONSTRATION_DAY
        assert (certificate.status == "过期") == (certificate.expires < DEMONSTRATION_DAY)


def test_pengshui_is_mostly_miao_and_tujia() -> None:
    groups = Counter(person.ethnic_group for person in people(1_500, 7, "pengshui"))
    assert groups["苗族"] > groups["汉族"] > groups["土家族"] > 0


def test_people_of_working_age_in_old_places_carry_old_codes() -> None:
    older = [person for person in people(1_500, 7, "ganzhou") if person.birth.year < 1980]
    assert sum(person.id_number.startswith("3621") for person in older) > 0.9 * len(older)
    assert all(person.hukou != "362122" for person in older)
