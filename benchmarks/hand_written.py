"""Pengshui's and Rugao's rules as somebody who writes DuckDB SQL for a living would write them for one day, without the rules core."""

from collections.abc import Callable

Bit = Callable[[str], int]


def _mask(conditions: dict[int, str]) -> str:
    return " + ".join(f"CASE WHEN {condition} THEN {1 << bit}::BIGINT ELSE 0 END" for bit, condition in conditions.items())


def _marks(holds: dict[int, str]) -> str:
    """Return one sum for both masks: a clause's bit where it is false, the same bit 32 places higher where it is unknown."""
    return " + ".join(
        f"CASE WHEN {condition} THEN 0::BIGINT WHEN ({condition}) IS NULL THEN {1 << bit + 32}::BIGINT ELSE {1 << bit}::BIGINT END"
        for bit, condition in holds.items()
    )


def pengshui(bit: Bit) -> str:
    """Return Pengshui's rules on 1 March 2022, lowest tier 100 yuan; `bit` tells a clause's place in the masks."""
    holds = {
        "ps-1a": "helped",
        "ps-1b": "scheme <> 'employee_pension'",
        "ps-1c": "NOT (scheme = 'resident_pension' AND NOT starts_with(insured_locality, '50'))",
        "ps-1d": "NOT student",
        "ps-1e": "NOT military",
        "ps-1f": "NOT imprisoned",
        "A-PS-9": "NOT coalesce(deceased, FALSE)",
        "ps-2.1a": "age BETWEEN 16 AND 59 AND scheme IN ('resident_pension', 'none')",
    }
    marks = _marks({bit(clause): condition for clause, condition in holds.items()})
    no_amount = (1 << bit("ps-2.1b")) + (1 << bit("ps-2.1d"))
    return f"""
    WITH first_layer AS (
      SELECT *,
        CASE WHEN birth_first > 20220301 THEN 0 ELSE (20220301 - birth_first) // 10000 END AS age,
        identity_tekun OR identity_dibao OR identity_return_to_poverty OR identity_severe_disability AS helped,
        CASE WHEN identity_severe_disability THEN 'severe_disability' WHEN identity_tekun THEN 'tekun'
             WHEN identity_dibao THEN 'dibao' WHEN identity_return_to_poverty THEN 'return_to_poverty' END AS category,
        CASE WHEN identity_severe_disability THEN 'federation' WHEN identity_tekun OR identity_dibao THEN 'civil_affairs'
             WHEN identity_return_to_poverty THEN 'rural_revitalisation' END AS payer,
        coalesce(chosen_tier_fen, 10000) AS tier_fen
      FROM facts),
    second_layer AS (
      SELECT *, CASE WHEN NOT helped THEN 0 WHEN helped AND category IN ('tekun', 'severe_disability') THEN 10000
                     WHEN helped THEN 7000 END AS amount
      FROM first_layer),
    marked AS (SELECT *, {marks} AS marks FROM second_layer),
    judged AS (SELECT *, marks & 4294967295 AS failed,
        (marks >> 32) + CASE WHEN amount IS NULL THEN {no_amount}::BIGINT ELSE 0::BIGINT END AS unknown FROM marked)
    SELECT person, CASE WHEN failed <> 0 THEN 3 WHEN unknown <> 0 THEN 2 ELSE 0 END AS verdict, failed, unknown,
      0::BIGINT AS undecided, category, payer,
      CASE WHEN failed <> 0 THEN 0 WHEN unknown = 0 THEN amount END AS on_behalf_fen,
      CASE WHEN failed = 0 AND unknown = 0 THEN CASE WHEN tier_fen > amount THEN tier_fen - amount ELSE 0 END END AS self_pay_fen,
      tier_fen, 10000::BIGINT AS lowest_tier_fen
    FROM judged"""


def rugao(bit: Bit) -> str:
    """Return Rugao's rules on 12 October 2026, lowest tier 864 yuan a month."""
    holds = {
        "rg-4.0a": "starts_with(hukou, '320682')",
        "rg-4.0b": "scheme = 'employee_pension' AND participation_type = 'flexible'",
        "rg-4.0c": "pension_month > 24322 AND pension_month < 24383",
        "rg-4.0d": "CASE WHEN low >= 180 THEN FALSE WHEN high < 120 THEN FALSE WHEN low >= 120 AND high < 180 THEN TRUE END",
        "rg-4.0e": "CASE WHEN low + months_left >= required THEN TRUE WHEN high + months_left < required THEN FALSE END",
        "rg-4.0f": "dibao OR laid_off OR poor_worker OR zero_employment OR severe OR childless",
        "rg-annex1-apply": "inability_declaration",
        "rg-5a": "NOT subsidised_now",
    }
    marks = _marks({bit(clause): condition for clause, condition in holds.items()})
    more_failed = _mask({bit("rg-5b"): "requested_months > room", bit("A-ALL-15"): "open_loan"})
    five_b = "months IS NULL AND NOT coalesce(requested_months > room, FALSE)"
    more_unknown = _mask({bit("rg-5b"): f"{five_b} AND NOT cap_open", bit("rg-8a"): "months IS NULL AND NOT cap_open"})
    undecided = _mask({bit("rg-5b"): f"{five_b} AND cap_open", bit("rg-8a"): "months IS NULL AND cap_open"})
    return f"""
    WITH first_layer AS (
      SELECT *,
        birth_first // 10000 * 12 + birth_first // 100 % 100 AS birth_month,
        CASE WHEN retirement_category IS NOT NULL THEN retirement_category WHEN sex = 'male' THEN 'male60'
             WHEN sex IS NOT NULL THEN 'female55' END AS age_category,
        paid_months + CASE WHEN deemed_confirmed AND deemed_months IS NOT NULL THEN deemed_months ELSE 0 END AS low,
        paid_months + deemed_months AS high,
        identity_dibao AND certificate_dibao AS dibao,
        identity_laid_off AND certificate_laid_off AS laid_off,
        identity_poor_worker_family AND certificate_poor_worker_family AS poor_worker,
        identity_severe_disability AND certificate_severe_disability AS severe,
        coalesce(family_able_members > 0 AND family_able_members_employed = 0
                 AND family_business_income_fen = 0 AND family_investment_income_fen = 0, identity_zero_employment) AS zero_employment,
        coalesce(children = 0 AND NOT employed
                 AND family_business_income_fen = 0 AND family_investment_income_fen = 0, identity_childless) AS childless
      FROM facts),
    second_layer AS (
      SELECT *, CASE WHEN low = high THEN low END AS total,
        birth_month + CASE age_category
          WHEN 'male60' THEN 720 + CASE WHEN birth_month < 23581 THEN 0 ELSE least((birth_month - 23581) // 4 + 1, 36) END
          WHEN 'female55' THEN 660 + CASE WHEN birth_month < 23641 THEN 0 ELSE least((birth_month - 23641) // 4 + 1, 36) END
          WHEN 'female50' THEN 600 + CASE WHEN birth_month < 23701 THEN 0 ELSE least((birth_month - 23701) // 2 + 1, 60) END
          WHEN 'resident60' THEN 720 END AS statutory
      FROM first_layer),
    third_layer AS (
      SELECT *, CASE WHEN months_to_pension IS NOT NULL THEN 24322 + months_to_pension
                     WHEN elected_month IS NOT NULL THEN elected_month + 1 ELSE statutory + 1 END AS pension_month,
        CASE WHEN age_category = 'resident60' THEN 180 WHEN statutory <= 24360 THEN 180 WHEN statutory > 24468 THEN 240
             ELSE 180 + ((statutory - 1) // 12 - 2029) * 6 END AS required
      FROM second_layer),
    fourth_layer AS (
      SELECT *, pension_month - 24322 AS months_left,
        CASE WHEN required <= 180 THEN CASE WHEN total < 180 THEN 180 - total WHEN total IS NOT NULL THEN 0 END END AS room
      FROM third_layer),
    fifth_layer AS (
      SELECT *, CASE WHEN room IS NOT NULL AND months_left IS NOT NULL THEN least(room, greatest(months_left, 0)) END AS months,
        coalesce(required > 180 AND total IS NOT NULL AND months_left IS NOT NULL, FALSE) AS cap_open
      FROM fourth_layer),
    marked AS (SELECT *, {marks} AS marks FROM fifth_layer),
    judged AS (SELECT *, (marks & 4294967295) + {more_failed} AS failed, (marks >> 32) + {more_unknown} AS unknown,
        {undecided} AS undecided FROM marked)
    SELECT person, CASE WHEN failed <> 0 THEN 3 WHEN unknown <> 0 THEN 2 WHEN undecided <> 0 THEN 1 ELSE 0 END AS verdict,
      failed, unknown, undecided,
      CASE WHEN identity_dibao THEN 'dibao' WHEN identity_laid_off THEN 'laid_off' WHEN identity_poor_worker_family THEN 'poor_worker_family'
           WHEN zero_employment THEN 'zero_employment' WHEN identity_severe_disability THEN 'severe_disability'
           WHEN childless THEN 'childless' END AS category,
      'finance' AS payer, months, 86400::BIGINT AS monthly_fen, months * 86400 AS credit_line_fen,
      total + months_left AS projected_months, 49000::BIGINT AS rate_ppm
    FROM judged"""
