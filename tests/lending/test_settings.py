"""Terms of each policy on a day, and what rests on a default nobody has confirmed; rates, subsidy days and claims by setting."""

from datetime import date
from typing import Any

import pytest

from zhubao.errors import ZhubaoError
from zhubao.lending import Setting, Terms, replay, terms_for
from zhubao.lending.claims import claim_for, late_interest
from zhubao.lending.conventions import CONVENTIONS
from zhubao.lending.days import months_later, settlement_days
from zhubao.lending.events import certified, grace_ended, prepaid, rate_set, settled, tranche_paid
from zhubao.lending.rates import benchmark_tier, ceiling_events, lpr_parameter, rate_events
from zhubao.lending.subsidy import Check, end_of_subsidy, gain_from, loss_from
from zhubao.lending.terms import CHOICES

D = date
JIANGXI, RUGAO, TONGLING = "jiangxi-2020-7", "rugao-draft", "tongling-2022-13"


@pytest.mark.parametrize(
    ("policy", "settings"),
    [
        (JIANGXI, {"deduction_rule": "remaining_at_least", "death_cover": "certified_at_death", "subsidy_follows": "certification", "max_months": 0}),
        (RUGAO, {"deduction_rule": "max_share", "share_percent": 50, "max_months": 120, "death_cover": "all", "reset": "anniversary"}),
        (TONGLING, {"deduction_rule": "exclude_basic", "subsidy_follows": "none", "death_cover": "none", "account_part": "loan_formed"}),
    ],
    ids=["江西", "如皋", "铜陵"],
)  # fmt: skip
def test_what_each_document_says(policy: str, settings: dict[str, Any]) -> None:
    terms = terms_for(policy).terms.as_dict()
    assert {name: terms[name] for name in settings} == settings
    assert (terms["day_count"], terms["rounding"], terms["unpaid_interest"]) == ("act360", "half_up", "simple")


def test_there_are_26_open_points_and_every_setting_belongs_to_one() -> None:
    assert [point.number for point in CONVENTIONS] == list(range(1, 27))
    named = [name for point in CONVENTIONS for name in point.settings]
    assert len(named) == len(set(named))
    rest = {"settlement", "deduction_rule", "share_percent", "basic_pension_agreed_on"}
    assert set(named) | rest == set(Terms.__dataclass_fields__)


@pytest.mark.parametrize("name", sorted(CHOICES))
def test_every_choice_is_taken_and_any_other_word_refused(name: str) -> None:
    for value in CHOICES[name]:
        agreed_on = D(2022, 1, 1) if value == "by_contract" else None
        assert Terms(**{"basic_pension_agreed_on": agreed_on, name: value}).as_dict()[name] == value
    with pytest.raises(ZhubaoError, match="E-TERMS-VALUE"):
        Terms(**{name: "otherwise"})


@pytest.mark.parametrize(
    "keys", [{"penalty_ppm": -1}, {"share_percent": 101}, {"max_months": True}, {"min_deduction_fen": "1"}], ids=str
)
def test_numbers_out_of_range_are_refused(keys: dict[str, Any]) -> None:
    with pytest.raises(ZhubaoError, match="E-TERMS-VALUE"):
        Terms(**keys)


def test_consent_to_the_basic_pension_needs_its_day() -> None:
    with pytest.raises(ZhubaoError, match="E-TERMS-CONSENT"):
        Terms(basic_pension="by_contract")


def questions(policy: str, *given: Setting, on: date | None = None) -> set[str]:
    """Return the ids of the open questions of a policy."""
    return {row["question"] for row in terms_for(policy, given, on).provisional}


def test_a_question_stays_provisional_until_somebody_decides_it() -> None:
    assert {"A-ALL-2", "A-ALL-3", "A-JX-9", "A-JX-11", "A-JX-20"} <= questions(JIANGXI)
    assert "A-RG-20" not in questions(JIANGXI)
    assert "A-TL-5" in questions(TONGLING) - questions(RUGAO)
    named = [Setting("day_count", "ACT/365"), Setting("ends", "first", decided_by="bank")]
    assert "A-ALL-2" in questions(JIANGXI, *named)
    decided = [Setting("day_count", "ACT/365", decided_by="bank"), Setting("ends", "first", decided_by="bank")]
    assert "A-ALL-2" not in questions(JIANGXI, *decided)


def test_a_row_names_the_default_and_who_decides() -> None:
    rows = [row for row in terms_for(RUGAO).provisional if row["question"] == "A-RG-20"]
    assert [(row["default"], row["decider"]) for row in rows] == [("on each anniversary of the first tranche", "bank")]


def test_decisions_hold_in_their_period_and_the_later_wins() -> None:
    decisions = [
        Setting("day_count", "act365", D(2022, 1, 1), D(2023, 12, 31), "bank"),
        Setting("day_count", "month+odd", D(2023, 1, 1), None, "bank"),
    ]
    days = [D(2021, 12, 31), D(2022, 1, 1), D(2023, 1, 1), D(2030, 1, 1)]
    found = [terms_for(JIANGXI, decisions, on).terms.day_count for on in days]
    assert found == ["act360", "act365", "month+odd", "month+odd"]


def test_a_question_id_or_a_plain_mapping_sets_a_value() -> None:
    assert terms_for(RUGAO, {"setting.A-RG-20": "1_january"}).terms.reset == "1_january"
    assert terms_for(RUGAO, {"reset": "none", "day_count": "ACT/365"}).terms.day_count == "act365"


@pytest.mark.parametrize(
    ("policy", "name", "value", "code"),
    [
        ("pengshui-2022", "reset", "none", "E-POLICY-UNKNOWN"),
        (RUGAO, "colour", "red", "E-TERMS-NAME"),
        (RUGAO, "A-ALL-2", "act365", "E-TERMS-NAME"),
        (RUGAO, "deduction_rule", "whole_pension", "E-TERMS-FIXED"),
        (TONGLING, "death_cover", "all", "E-TERMS-FIXED"),
        (RUGAO, "reset", "weekly", "E-TERMS-VALUE"),
    ],
)
def test_what_cannot_be_set(policy: str, name: str, value: str, code: str) -> None:
    with pytest.raises(ZhubaoError, match=code):
        terms_for(policy, {name: value})


BENCHMARK = [(D(2015, 10, 24), 49_000), (D(2023, 6, 15), 47_000)]


@pytest.mark.parametrize(
    ("reset", "from_when"),
    [("anniversary", D(2024, 3, 1)), ("1_january", D(2024, 1, 1)), ("day_of_change", D(2023, 6, 15)), ("none", None)],
    ids=["周年日", "一月一日", "调整当日", "不调整"],
)
def test_a_benchmark_cut_in_june_2023_reaches_the_loan(reset: str, from_when: date | None) -> None:
    """First tranche 2022-03-01 at 4.90 %, benchmark 4.70 % from 2023-06-15 (rg-10b)."""
    terms = terms_for(RUGAO, {"reset": reset}).terms
    events = rate_events(terms, BENCHMARK, D(2022, 2, 20), D(2022, 3, 1), D(2026, 12, 31))
    assert [(event.on, event.amount) for event in events] == [
        (D(2022, 3, 1), 49_000),
        *([(from_when, 47_000)] if from_when else []),
    ]


def test_a_day_before_the_anniversary_still_costs_the_old_rate() -> None:
    terms = terms_for(RUGAO).terms
    events = rate_events(terms, BENCHMARK, D(2022, 2, 20), D(2022, 3, 1), D(2026, 12, 31))
    events += [
        tranche_paid(D(2022, 3, 1), 960_000),
        *(settled(day) for day in (D(2024, 2, 28), D(2024, 2, 29), D(2024, 3, 1), D(2024, 3, 2))),
    ]
    assert [period.interest for period in replay(terms, events).periods[1:]] == [131, 131, 125]


def test_no_rate_before_the_table_begins() -> None:
    with pytest.raises(ZhubaoError, match="E-LOAN-RATE"):
        rate_events(Terms(), BENCHMARK, D(2015, 1, 1), D(2015, 1, 1), D(2016, 1, 1))


@pytest.mark.parametrize(
    ("months", "tier"),
    [(6, "le_6m"), (7, "6m_to_1y"), (36, "1y_to_3y"), (60, "3y_to_5y"), (180, "gt_5y")],
)
def test_the_benchmark_tier_follows_the_whole_term_or_the_grace(months: int, tier: str) -> None:
    assert benchmark_tier(terms_for(RUGAO).terms, months, 48) == tier
    assert benchmark_tier(terms_for(RUGAO, {"tenor": "grace"}).terms, 999, months) == tier


def test_the_five_year_rate_only_where_named_and_long_enough() -> None:
    named = Terms(tenor="5y")
    assert [lpr_parameter(terms, months) for terms, months in ((Terms(), 180), (named, 60), (named, 61))] == [
        "lpr_1y_ppm",
        "lpr_1y_ppm",
        "lpr_5y_ppm",
    ]
    assert [event.amount for event in ceiling_events([(D(2021, 2, 20), 38_500), (D(2022, 1, 20), 37_000)], D(2021, 12, 31))] == [
        38_500
    ]


def test_the_subsidy_ends_where_the_setting_says() -> None:
    facts = (D(2026, 6, 18), D(2026, 7, 25), D(2026, 9, 15))
    ends = [end_of_subsidy(Terms(subsidy_end=word), *facts) for word in CHOICES["subsidy_end"]]
    assert ends == [D(2026, 6, 18), D(2026, 7, 1), D(2026, 9, 15)]
    assert end_of_subsidy(Terms(subsidy_end="first_deduction"), *facts[:2]) == D(2026, 7, 1)


@pytest.mark.parametrize(
    ("setting", "check", "first_day_without"),
    [
        ("result_day", Check(D(2025, 11, 20)), D(2026, 1, 1)),
        ("result_day", Check(D(2025, 11, 20), decided_from=D(2025, 12, 1)), D(2025, 12, 1)),
        ("next_settlement", Check(D(2025, 11, 20)), D(2025, 12, 20)),
        ("year_start", Check(D(2025, 11, 20)), D(2025, 1, 1)),
        ("roster_end", Check(D(2025, 11, 20), roster_end=D(2025, 8, 1)), D(2025, 8, 1)),
    ],
    ids=["次年一月一日", "决定另定", "下一结息日", "当年一月一日", "名册终止日"],
)
def test_status_lost_takes_effect(setting: str, check: Check, first_day_without: date) -> None:
    assert loss_from(Terms(loss_from=setting), check) == first_day_without


def test_status_gained_is_not_retroactive_unless_it_was_pending_from_the_start() -> None:
    check = Check(D(2025, 11, 20))
    assert gain_from(Terms(), check) == D(2026, 1, 1)
    assert gain_from(Terms(), check, pending_since=D(2024, 11, 15)) == D(2024, 11, 15)


@pytest.mark.parametrize(
    ("pattern", "days"),
    [
        ("yearly-12-20", [D(2024, 12, 20)]),
        ("quarterly-20", [D(2024, 6, 20), D(2024, 9, 20), D(2024, 12, 20)]),
        ("monthly-31", [months_later(D(2024, 4, 30), later, 31) for later in range(9)]),
        ("none", []),
    ],
)  # fmt: skip
def test_settlement_days(pattern: str, days: list[date]) -> None:
    assert settlement_days(pattern, D(2024, 3, 31), D(2024, 12, 31)) == days


@pytest.mark.parametrize("pattern", ["weekly-1", "yearly", "quarterly-x", "yearly-13-01"])
def test_settlement_days_that_make_no_sense(pattern: str) -> None:
    with pytest.raises(ZhubaoError, match="E-TERMS-VALUE"):
        settlement_days(pattern, D(2024, 1, 1), D(2025, 1, 1))


class TestClaims:
    """What the bank asks of the government for a year."""

    EVENTS = (
        rate_set(D(2022, 3, 1), 38_500),
        tranche_paid(D(2022, 3, 1), 840_000),
        certified(D(2022, 3, 1)),
        grace_ended(D(2024, 7, 1)),
        *(settled(D(year, 12, 20)) for year in (2022, 2023, 2024)),
    )

    @pytest.mark.parametrize("cutoff", ["12-20", "12-31"])
    def test_the_claims_of_all_years_are_all_the_government_bears(self, cutoff: str) -> None:
        terms = terms_for(JIANGXI, {"claim_cutoff": cutoff}).terms
        claims = [claim_for(terms, self.EVENTS, year) for year in range(2021, 2027)]
        assert sum(claim.interest for claim in claims) == replay(terms, self.EVENTS).subsidy_total
        assert [claim.interest > 0 for claim in claims] == [False, True, True, True, False, False]

    def test_a_year_to_the_twentieth_of_december(self) -> None:
        claim = claim_for(terms_for(JIANGXI).terms, self.EVENTS, 2023)
        assert claim == (D(2022, 12, 20), D(2023, 12, 20), 32_789)

    def test_a_back_dated_prepayment_is_a_difference_in_the_next_claim(self) -> None:
        terms = terms_for(JIANGXI).terms
        claimed = claim_for(terms, self.EVENTS, 2022).interest
        events = [*self.EVENTS, prepaid(D(2022, 9, 1), 400_000)]
        corrected = claim_for(terms, events, 2023, claimed=claimed)
        plain = claim_for(terms, events, 2023)
        assert claimed + corrected.interest == claim_for(terms, events, 2022).interest + plain.interest
        assert corrected.interest < plain.interest

    def test_paying_late_costs_nothing_unless_agreed(self) -> None:
        assert late_interest(Terms(), 1_000_000, 30) == 0
        assert late_interest(Terms(claim_interest_ppm=36_000), 1_000_000, 30) == 3_000
