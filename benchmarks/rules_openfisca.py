"""The same two documents in OpenFisca-core, with the same columns out: verdict, masks, category, payer and amounts.

OpenFisca knows no unknown: a truth value is 0 (no), 1 (unknown) or 2 (yes), so that AND is the smaller and OR the larger; an unknown
number is `NONE`. Codes are numbers. The day of each document is fixed, as in the hand-written SQL.
"""

import json
import time
from pathlib import Path
from typing import Any

import numpy as np

NONE = -(2**31)
MONTH = 24_322  # October 2026


def _truth(values: Any) -> Any:
    """Return 0, 1, 2 for false, unknown, true."""
    return np.where(values, np.int8(2), np.int8(0))


def _known(condition: Any, *numbers: Any) -> Any:
    """Return the truth of a comparison of numbers that may be unknown."""
    unknown = np.zeros(len(condition), bool)
    for each in numbers:
        unknown |= each == NONE
    return np.where(unknown, np.int8(1), _truth(condition))


def _sum(first: Any, second: Any) -> Any:
    return np.where((first == NONE) | (second == NONE), NONE, first + second)


def _and(*truths: Any) -> Any:
    return np.minimum.reduce(truths)


def _or(*truths: Any) -> Any:
    return np.maximum.reduce(truths)


def _masks(holds: dict[int, Any]) -> tuple[Any, Any]:
    """Return the masks of failed and unknown clauses."""
    failed = sum((truth == 0).astype(np.int64) << bit for bit, truth in holds.items())
    unknown = sum((truth == 1).astype(np.int64) << bit for bit, truth in holds.items())
    return failed, unknown


def pengshui(fact: Any) -> dict[str, Any]:
    """Return Pengshui's answer; `fact(name)` gives a column."""
    scheme, locality = fact("scheme"), fact("insured_locality")
    groups = [fact(f"identity_{code}") for code in ("severe_disability", "tekun", "dibao", "return_to_poverty")]
    helped = _or(*groups)
    category = np.select([each == 2 for each in groups], [1, 2, 3, 4], 0)
    birth = fact("birth_first")
    age = np.where(birth == NONE, NONE, np.maximum(20_220_301 - birth, 0) // 10_000)
    amount = np.select([helped == 0, helped == 1, category <= 2], [0, NONE, 10_000], 7_000)
    chosen = fact("chosen_tier_fen")
    tier = np.where(chosen == NONE, 10_000, chosen)
    own = np.where(amount == NONE, NONE, np.maximum(tier - amount, 0))
    resident = _known(scheme == 0, scheme)
    outside = 2 - _known(locality <= 1, locality)
    figure = _known(np.ones(len(amount), bool), amount)
    failed, unknown = _masks({
        0: helped, 5: 2 - _known(scheme == 1, scheme), 6: 2 - _and(resident, outside),
        7: 2 - fact("student"), 8: 2 - fact("military"), 9: 2 - fact("imprisoned"), 10: _truth(fact("deceased") != 2),
        11: _and(_known((age >= 16) & (age <= 59), age), _known((scheme == 0) | (scheme == 2), scheme)), 13: figure, 14: figure,
    })  # fmt: skip
    verdict = np.where(failed != 0, 3, np.where(unknown != 0, 2, 0))
    paid = np.where(failed != 0, 0, np.where(unknown != 0, NONE, amount))
    own = np.where((failed | unknown) != 0, NONE, own)
    payer = np.array([0, 3, 1, 1, 2])[category]
    answers = (verdict, failed, unknown, category, payer, paid, own, tier)
    return dict(zip(OUTPUTS["pengshui"], answers, strict=True))


def rugao(fact: Any) -> dict[str, Any]:
    """Return Rugao's answer."""
    birth, sex, named = fact("birth_first"), fact("sex"), fact("retirement_category")
    of_age = np.select([named != NONE, sex == NONE, sex == 0], [named, NONE, 0], 1)
    born = np.where(birth == NONE, NONE, birth // 10_000 * 12 + birth // 100 % 100)
    ages = []
    for usual, first, step, most in ((720, 23_581, 4, 36), (660, 23_641, 4, 36), (600, 23_701, 2, 60)):
        ages.append(usual + np.where(born < first, 0, np.minimum((born - first) // step + 1, most)))
    unsure = (born == NONE) | (of_age == NONE)
    statutory = np.where(unsure, NONE, born + np.select([of_age == 0, of_age == 1, of_age == 2], ages, 720))
    fixed, elected = fact("months_to_pension"), fact("elected_month")
    pension = np.select([fixed != NONE, elected != NONE, statutory != NONE], [MONTH + fixed, elected + 1, statutory + 1], NONE)
    left = _sum(pension, np.full(len(pension), -MONTH))
    required = np.where(statutory == NONE, NONE, np.clip(180 + ((statutory - 1) // 12 - 2029) * 6, 180, 240))
    paid, deemed = fact("paid_months"), fact("deemed_months")
    sure = (fact("deemed_confirmed") == 2) & (deemed != NONE)
    low = np.where(paid == NONE, NONE, paid + np.where(sure, deemed, 0))
    high = _sum(paid, deemed)
    total = np.where((low == high) & (low != NONE), low, NONE)

    def at_least(months: Any, more: Any) -> Any:
        reached, possible = _known(low + more >= months, low, months, more), _known(high + more >= months, high, months, more)
        return np.where(reached != 0, reached, np.where(possible == 0, np.int8(0), np.int8(1)))

    zero = np.zeros(len(birth), np.int64)
    ten, fifteen = at_least(zero + 120, zero), at_least(zero + 180, zero)
    business, invested = fact("family_business_income_fen"), fact("family_investment_income_fen")
    able, employed = fact("family_able_members"), fact("family_able_members_employed")
    no_income = _and(_known(business == 0, business), _known(invested == 0, invested))
    family = _and(_known(able > 0, able), _known(employed == 0, employed), no_income)
    children = fact("children")
    alone = _and(_known(children == 0, children), 2 - fact("employed"), no_income)
    nobody_works = np.where(family == 1, fact("identity_zero_employment"), family)
    childless = np.where(alone == 1, fact("identity_childless"), alone)
    certified = {code: fact(f"identity_{code}") for code in ("dibao", "laid_off", "poor_worker_family", "severe_disability")}
    with_paper = [_and(truth, fact(f"certificate_{code}")) for code, truth in certified.items()]
    room = np.where((required == NONE) | (required > 180) | (total == NONE), NONE, np.maximum(180 - total, 0))
    months = np.where((room == NONE) | (left == NONE), NONE, np.minimum(room, np.maximum(left, 0)))
    asked = fact("requested_months")
    over = (asked != NONE) & (room != NONE) & (asked > room)
    waits = (required > 180) & (total != NONE) & (left != NONE)
    some_month = _known(np.ones(len(months), bool), months)
    hukou, scheme, kind = fact("hukou"), fact("scheme"), fact("participation_type")
    failed, unknown = _masks({
        0: _known(hukou == 0, hukou), 1: _and(_known(scheme == 1, scheme), _known(kind == 0, kind)),
        2: _known((pension > MONTH) & (pension < MONTH + 61), pension), 3: _and(ten, 2 - fifteen),
        4: at_least(required, left), 5: _or(*with_paper, nobody_works, childless), 12: fact("inability_declaration"),
        13: 2 - fact("subsidised_now"), 14: np.where(over, np.int8(0), some_month), 15: some_month, 18: _truth(fact("open_loan") != 2),
    })  # fmt: skip
    undecided = np.where(waits, unknown & (3 << 14), 0)
    unknown = unknown & ~undecided
    verdict = np.select([failed != 0, unknown != 0, undecided != 0], [3, 2, 1], 0)
    ranked = [
        certified["dibao"],
        certified["laid_off"],
        certified["poor_worker_family"],
        nobody_works,
        certified["severe_disability"],
        childless,
    ]
    category = np.select([each == 2 for each in ranked], [1, 2, 3, 4, 5, 6], 0)
    credit = np.where(months == NONE, NONE, months * 86_400)
    answers = (verdict, failed, unknown, undecided, category, months, credit, _sum(total, left))
    return dict(zip(OUTPUTS["rugao"], answers, strict=True))


POLICIES = {"pengshui": "pengshui-2022", "rugao": "rugao-draft"}
COLUMNS = {
    "pengshui": "verdict failed unknown undecided category payer on_behalf_fen self_pay_fen tier_fen lowest_tier_fen".split(),
    "rugao": (
        "verdict failed unknown undecided category payer months monthly_fen credit_line_fen projected_months rate_ppm".split()
    ),
}
# What a code of an answer stands for (0 is nobody), and what is the same for everybody.
WORDS = {
    "pengshui_category": ("severe_disability", "tekun", "dibao", "return_to_poverty"),
    "pengshui_payer": ("civil_affairs", "rural_revitalisation", "federation"),
    "rugao_category": ("dibao", "laid_off", "poor_worker_family", "zero_employment", "severe_disability", "childless"),
    "rugao_payer": ("finance",),
}
CONSTANTS = {
    "pengshui_undecided": 0,
    "pengshui_lowest_tier_fen": 10_000,
    "rugao_payer": 1,
    "rugao_monthly_fen": 86_400,
    "rugao_rate_ppm": 49_000,
}
RULES = {"pengshui": pengshui, "rugao": rugao}
OUTPUTS = {
    "pengshui": ("verdict", "failed", "unknown", "category", "payer", "on_behalf_fen", "self_pay_fen", "tier_fen"),
    "rugao": ("verdict", "failed", "unknown", "undecided", "category", "months", "credit_line_fen", "projected_months"),
}


def system(names: list[str]) -> Any:
    """Return a tax-benefit system with a variable per fact, one that holds each document's answer, and one per output."""
    from openfisca_core.entities import build_entity
    from openfisca_core.periods import ETERNITY
    from openfisca_core.periods import MONTH as EACH_MONTH
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    person = build_entity(key="person", plural="persons", label="person", is_person=True)
    result = TaxBenefitSystem([person])
    shared = {"value_type": int, "entity": person, "definition_period": ETERNITY}
    for name in names:
        result.add_variable(type(name, (Variable,), {**shared, "label": name}))
    for document, outputs in OUTPUTS.items():
        answers: dict[int, dict[str, Any]] = {}

        def formula_of(output: str, document: str = document, answers: dict[int, dict[str, Any]] = answers) -> Any:
            def formula(population: Any, period: Any) -> Any:
                key = id(population.simulation)
                if key not in answers:  # the document is computed once, as one vector program
                    answers[key] = RULES[document](lambda name: population(name, period))
                return answers[key][output]

            return formula

        for output in outputs:
            values = {**shared, "definition_period": EACH_MONTH, "label": output, "formula": formula_of(output)}
            result.add_variable(type(f"{document}_{output}", (Variable,), values))
    return result


def columns(facts: Path, rows: int) -> dict[str, Any]:
    """Return the facts as the arrays OpenFisca takes."""
    import duckdb
    import pyarrow as pa
    import pyarrow.compute as pc

    from .rules import CODES

    with duckdb.connect() as database:
        table = database.sql(f"SELECT * FROM read_parquet('{facts}') WHERE person < {rows}").to_arrow_table()
    found: dict[str, Any] = {}
    for name in table.column_names:
        column = table.column(name)
        if name in CODES:
            codes = pa.array([code for code in dict.fromkeys(CODES[name]) if code is not None])
            found[name] = pc.index_in(column, codes).fill_null(NONE).to_numpy().astype(np.int64)
        elif str(column.type) == "bool":
            filled = column.cast("int8").fill_null(-1).to_numpy()
            found[name] = np.array([1, 0, 2], np.int8)[filled + 1]
        elif name == "person":
            found[name] = column.to_numpy()
        else:
            found[name] = column.fill_null(NONE).to_numpy().astype(np.int64)
    return found


def _column(values: Any, words: tuple[str, ...] | None) -> Any:
    """Return an answer as Arrow writes it: numbers, or the text its codes stand for."""
    import pyarrow as pa

    if words is None:
        return pa.array(values, mask=values == NONE)
    return pa.DictionaryArray.from_arrays(pa.array((values - 1).astype(np.int8), mask=values == 0), pa.array(words))


def run(facts: Path, rows: int) -> None:
    """Compute every output for the first `rows` people, Parquet to Parquet; print seconds, and counts to compare with the SQL."""
    import pyarrow as pa
    import pyarrow.parquet as pq
    from openfisca_core.simulations import SimulationBuilder

    law = system([name for name in pq.read_schema(facts).names if name != "person"])
    begin = time.perf_counter()
    known = columns(facts, rows)
    person = known.pop("person")
    simulation = SimulationBuilder().build_default_simulation(law, len(next(iter(known.values()))))
    computing = time.perf_counter()
    for name, values in known.items():
        simulation.set_input(name, "ETERNITY", values)
    answers = {
        name: simulation.calculate(name, "2022-03") for name in (f"{law}_{each}" for law in OUTPUTS for each in OUTPUTS[law])
    }
    computed = time.perf_counter()
    for document, names in COLUMNS.items():
        table = {"person": pa.array(person)}
        for name in names:
            constant = CONSTANTS.get(f"{document}_{name}")
            values = answers[f"{document}_{name}"] if constant is None else np.full(rows, constant)
            table[name] = _column(values, WORDS.get(f"{document}_{name}"))
        pq.write_table(pa.table(table), facts.with_name(f"openfisca-{POLICIES[document]}.parquet"))
    done = time.perf_counter()
    print(json.dumps({"seconds": done - begin, "computing": computed - computing}))
