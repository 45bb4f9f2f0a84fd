"""The terms of a loan: one frozen record that says everything policy and bank may choose; the engine knows no place names."""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from zhubao.errors import ZhubaoError
from zhubao.language import Text

# Spellings of the JSON format, read as the same word.
DAY_COUNT_WORDS = {"ACT/360": "act360", "ACT/365": "act365", "MONTH+ODD": "month+odd"}

CHOICES: dict[str, tuple[str, ...]] = {
    "day_count": ("act360", "act365", "month+odd"),
    "ends": ("first", "last"),
    "rounding": ("half_up", "half_even", "per_segment"),
    "unpaid_interest": ("simple", "every_settlement", "yearly", "quarterly", "monthly"),
    "grace_interest_due": ("at_deduction", "at_settlement"),
    "allocation": ("interest_first", "principal_first"),
    "tranche_order": ("oldest", "newest"),
    "subsidy_follows": ("certification", "grace", "none"),
    "subsidy_end": ("birthday", "first_pension_month", "first_deduction"),
    "loss_from": ("result_day", "next_settlement", "year_start", "roster_end"),
    "regain_from": ("result_day", "next_settlement", "year_start"),
    "on_unpaid_contribution": ("tranche", "loan", "none"),
    "rate_basis": ("at_signing", "per_tranche"),
    "reset": ("none", "1_january", "anniversary", "day_of_change"),
    "tenor": ("1y", "5y", "whole_term", "grace"),
    "deduction_rule": ("remaining_at_least", "max_share", "exclude_basic", "whole_pension"),
    "cap_basis": ("month", "first_pension"),
    "basic_pension": ("excluded", "by_contract"),
    "back_pay": ("per_month", "one"),
    "floor_place": ("insurance", "residence"),
    "floor_day": ("month_of_pension", "day_of_deduction"),
    "term_end": ("report", "due"),
    "collection_day": ("money_comes", "day_due"),
    "account_part": ("all", "loan_formed"),
    "death_cover": ("none", "certified_at_death", "ever_certified", "all"),
    "death_interest": ("day_of_death", "settlement_day"),
    "claim_cutoff": ("12-20", "12-31"),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """All conventions of one loan; the defaults are those proposed for every programme (`zhubao.lending.questions`).

    Interest: `day_count`; `ends`, whether the first or the last day of a span counts; `rounding`; `settlement`, the days on which
    a period closes (see `days.settlement_days`); `unpaid_interest`, whether and when it joins the principal; `grace_interest_due`;
    `penalty_ppm` a year on what a deduction fell short of the order.
    Payments: `allocation`; `tranche_order`.
    Government: `subsidy_follows`, `subsidy_end`, `loss_from`, `regain_from`, `on_unpaid_contribution`, `claim_cutoff` (month and
    day), `claim_interest_ppm` for the government's own delay.
    Rate: `rate_basis`, `ceiling_check`, `reset`, `tenor`.
    Deduction: `deduction_rule` with `share_percent`; `cap_basis`, the pension of the month or the first one; `basic_pension` with
    the day it was agreed on; `min_deduction_fen`; `back_pay`; `floor_place`; `floor_day`; `max_months` (0 = no limit) and
    `term_end` for what is left then; `collection_day`.
    Death: `account_part`, `death_cover`, `death_interest`, `bank_bears_own_fault`.
    Raises E-TERMS-VALUE for a word that is not among `CHOICES`, a negative number or a share outside 0..100.
    """

    day_count: str = "act360"
    ends: str = "first"
    rounding: str = "half_up"
    settlement: str = "yearly-12-20"
    unpaid_interest: str = "simple"
    grace_interest_due: str = "at_deduction"
    penalty_ppm: int = 0
    allocation: str = "interest_first"
    tranche_order: str = "oldest"
    subsidy_follows: str = "certification"
    subsidy_end: str = "first_pension_month"
    loss_from: str = "result_day"
    regain_from: str = "result_day"
    on_unpaid_contribution: str = "tranche"
    claim_cutoff: str = "12-20"
    claim_interest_ppm: int = 0
    rate_basis: str = "at_signing"
    ceiling_check: bool = True
    reset: str = "none"
    tenor: str = "1y"
    deduction_rule: str = "whole_pension"
    share_percent: int = 100
    cap_basis: str = "month"
    basic_pension: str = "excluded"
    basic_pension_agreed_on: date | None = None
    min_deduction_fen: int = 0
    back_pay: str = "per_month"
    floor_place: str = "insurance"
    floor_day: str = "month_of_pension"
    max_months: int = 0
    term_end: str = "report"
    collection_day: str = "money_comes"
    account_part: str = "all"
    death_cover: str = "none"
    death_interest: str = "day_of_death"
    bank_bears_own_fault: bool = False

    def __post_init__(self) -> None:
        """Refuse what the engine would not understand."""
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                raise _refused(name, getattr(self, name), "、".join(choices), ", ".join(choices))
        for name in ("penalty_ppm", "claim_interest_ppm", "min_deduction_fen", "max_months"):
            if not _whole(getattr(self, name)) or getattr(self, name) < 0:
                raise _refused(name, getattr(self, name), "不小于 0 的整数", "a whole number of at least 0")
        if not _whole(self.share_percent) or not 0 <= self.share_percent <= 100:
            raise _refused("share_percent", self.share_percent, "0 至 100 的整数", "a whole number from 0 to 100")
        if self.basic_pension == "by_contract" and self.basic_pension_agreed_on is None:
            raise ZhubaoError(
                "E-TERMS-CONSENT",
                Text(
                    "动用基础养老金须有事先约定的日期", "using the basic pension needs the day on which it was agreed beforehand"
                ),
                place="basic_pension_agreed_on",
            )

    def with_basic_pension(self, agreed_on: date, signed_on: date) -> "Terms":
        """Return the terms with the basic pension open to deduction; E-TERMS-CONSENT when agreed after the signing (tl-4.2c)."""
        if agreed_on > signed_on:
            raise ZhubaoError(
                "E-TERMS-CONSENT",
                Text("约定晚于签约日，须先变更合同", "agreed after the signing: the contract must be amended first"),
                place="basic_pension_agreed_on",
            )
        return replace(self, basic_pension="by_contract", basic_pension_agreed_on=agreed_on)

    def as_dict(self) -> dict[str, Any]:
        """Return every setting by its name, in the order of the record."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def day_count_word(word: str) -> str:
    """Return the setting's word for a day count written either way (``ACT/360`` or ``act360``); E-TERMS-VALUE for others."""
    value = DAY_COUNT_WORDS.get(word, word)
    if value not in CHOICES["day_count"]:
        raise _refused("day_count", word, "、".join(DAY_COUNT_WORDS), ", ".join(DAY_COUNT_WORDS))
    return value


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _refused(name: str, value: object, zh: str, en: str) -> ZhubaoError:
    return ZhubaoError(
        "E-TERMS-VALUE",
        Text(f"不能是 {value!r}", f"cannot be {value!r}"),
        place=name,
        remedy=Text(f"可用：{zh}", f"use {en}"),
    )
