"""Writing a document down: what is refused while building it, and how its masks are decoded."""

from collections.abc import Callable

import pytest

from zhubao.rules import Binding, Known, Policy, Verdict, compile_policy, flag, number, text, whole
from zhubao.rules.assessment import Assessment, readable
from zhubao.rules.sql import verdict_query

from .test_expressions import document


def with_identities() -> Policy:
    law = document()
    for code in ("a", "b", "c"):
        law.identity(code, code, code, ("civil_affairs",), payer=f"pays {code}")
    return law


def declared_twice(law: Policy) -> None:
    law.must("x-1", "样例", "sample", flag(True))
    law.must("x-1", "样例", "sample", flag(True))


def two_amounts(law: Policy) -> None:
    law.amount("x-1", "fen", "金额", "amount", number(1))
    law.amount("x-2", "fen", "金额", "amount", number(2))


def derived_twice(law: Policy) -> None:
    law.derive("n", number(1))
    law.derive("n", number(2))


def derived_over_a_fact(law: Policy) -> None:
    law.number("n", "数", "n")
    law.derive("n", number(2))


def order_against_the_text(law: Policy) -> None:
    law.first_of("x-1", "次序", "order", ("a", "b", "c"), ranked=[("c", "a")], question="A-X-1")


def undeclared_fact(law: Policy) -> None:
    other = document()
    law.must("x-1", "样例", "sample", other.flag("nobody", "无人", "nobody"))
    compile_policy(law, with_contract=False)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        pytest.param(declared_twice, "clause x-1 is declared twice", id="条款重复"),
        pytest.param(two_amounts, "two amounts for fen", id="同一金额两次"),
        pytest.param(derived_twice, "n is declared twice", id="中间结果重名"),
        pytest.param(derived_over_a_fact, "n is declared twice", id="中间结果与事实重名"),
        pytest.param(order_against_the_text, "the text ranks c before a", id="次序与文件相反"),
        pytest.param(undeclared_fact, "nobody is neither a fact nor a derivation", id="没有申明的事实"),
    ],
)
def test_faults_of_building(build: Callable[[Policy], None], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build(with_identities())


def binding(law: Policy) -> Binding:
    from datetime import date

    values = {name: parameter.default for name, parameter in law.parameters.items()}
    return Binding(date(2026, 1, 1), "360702", values, dict.fromkeys(values), frozenset({"A-X-1", "A-X-2"}))


def ask(law: Policy, **known: bool | int | str | None) -> Assessment:
    """Judge facts by a document of this file."""
    compiled = compile_policy(law, with_contract=False)
    bound = binding(law)
    values = {name: value for name, value in known.items() if value is not None}
    figures = (bound.day, *bound.values.values())
    return Assessment(compiled, bound, Known(values), tuple(map(values.get, compiled.columns)), figures)


def sample() -> Policy:
    """Return a document with each kind of clause."""
    law = with_identities()
    with law.article("一"):
        law.must("x-1", "条件", "condition", law.flag("p", "甲", "p", remedy=("甲的证明", "proof of p")))
        law.any_of("x-2", "之一", "one of", {"x-2/a": ("a", "a", law.categories["a"]), "x-2/b": ("b", "b", law.categories["b"])})
        law.except_("x-3", "不是乙", "not q", law.flag("q", "乙", "q"))
    with law.article("二"):
        law.first_of("x-4", "次序", "order", ("a", "b", "c"), ranked=[("a", "b")], question="A-X-1")
        cap = law.setting("cap", "months", "上限", "cap", question="A-X-2")
        n = law.number("n", "数", "n")
        law.amount("x-5", "given", "金额", "amount", cap - n, open_when=~cap.known() & n.known())
        law.window("x-6", "原则上年初", "as a rule early", law.on() <= 20260331, outside=("晚了", "late"))
    law.paid["given"] = 0
    return law


@pytest.mark.parametrize(
    ("known", "verdict", "failed", "unknown", "undecided"),
    [
        pytest.param({"p": True, "q": False, "identity_a": True, "n": 1}, "to_be_decided", [], [], ["x-5"], id="等待决定"),
        pytest.param({"p": True, "q": False, "identity_a": True}, "evidence_missing", [], ["x-5"], [], id="缺证据先于等待决定"),
        pytest.param({"p": True, "q": False, "n": 1}, "evidence_missing", [], ["x-2"], ["x-5"], id="一类都不明"),
        pytest.param({"p": False, "n": 1}, "not_met", ["x-1"], ["x-2", "x-3"], ["x-5"], id="不符合先于缺证据"),
        pytest.param({"p": True, "q": True, "identity_a": True, "n": 1}, "not_met", ["x-3"], [], ["x-5"], id="排除"),
        pytest.param({"p": True, "q": False, "identity_a": False, "identity_b": False, "n": 1}, "not_met", ["x-2"], [], ["x-5"], id="一类都不是"),
    ],
)  # fmt: skip
def test_masks_are_decoded_in_article_order(
    known: dict[str, bool | int], verdict: str, failed: list[str], unknown: list[str], undecided: list[str]
) -> None:
    answer = ask(sample(), **known)
    assert (answer.verdict, answer.failed, answer.unknown, answer.undecided) == (verdict, failed, unknown, undecided)
    assert answer.amounts == {"given": 0 if verdict == "not_met" else None}


def test_rows_of_the_explanation() -> None:
    rows = ask(sample(), p=True, q=False, identity_b=True, n=1).clauses
    assert [(row.id, row.kind, row.verdict.word, row.part_of) for row in rows] == [
        ("x-1", "condition", "met", None),
        ("x-2", "condition", "met", None),
        ("x-2/a", "alternative", "evidence_missing", "x-2"),
        ("x-2/b", "alternative", "met", "x-2"),
        ("x-3", "exclusion", "met", None),
        ("x-4", "priority", "met", None),
        ("x-5", "amount", "to_be_decided", None),
        ("x-6", "window", "met", None),
    ]


def test_an_overlap_the_text_does_not_rank_rests_on_its_question() -> None:
    known = {"p": True, "q": False, "n": 1}
    assert "A-X-1" not in ask(sample(), identity_a=True, identity_b=True, **known).provisional
    assert "A-X-1" in ask(sample(), identity_b=True, identity_c=True, **known).provisional
    answer = ask(sample(), identity_b=True, identity_c=True, **known)
    assert (answer.category, answer.payer, answer.categories) == ("b", "pays b", ["b", "c"])


def test_figures_shown_decide_a_category_before_a_list() -> None:
    law = with_identities()
    law.qualify("a", law.number("income", "收入", "income") == 0)
    law.rank(("a", "b"))
    law.must("x-1", "样例", "sample", law.categories["a"])
    assert ask(law, identity_a=True, income=1).verdict == "not_met"
    assert ask(law, identity_a=False, income=0).category == "a"
    assert ask(law, identity_a=True).category == "a"


@pytest.mark.parametrize(
    ("failed", "unknown", "undecided", "counting", "verdict"),
    [
        (0, 0, 0, 0b111, Verdict.MET),
        (0b001, 0b010, 0b100, 0b111, Verdict.NOT_MET),
        (0b001, 0b010, 0b100, 0b110, Verdict.EVIDENCE_MISSING),
        (0b001, 0b010, 0b100, 0b100, Verdict.TO_BE_DECIDED),
        (0b001, 0b010, 0b100, 0b000, Verdict.MET),
    ],
)
def test_the_whole_looks_at_the_clauses_that_count(
    failed: int, unknown: int, undecided: int, counting: int, verdict: Verdict
) -> None:
    assert whole(failed, unknown, undecided, counting) is verdict


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (2026 * 12 + 8, "month", "2026-08"),
        (2026 * 12 + 12, "month", "2026-12"),
        (20260831, "day", "2026-08-31"),
        (86400, "fen", 86400),
        (True, "flag", True),
        ("320682", "code", "320682"),
        (None, "month", None),
    ],
)  # fmt: skip
def test_values_as_they_are_written(value: bool | int | str | None, unit: str, shown: object) -> None:
    assert readable(value, unit) == shown


def test_a_figure_may_differ_by_place() -> None:
    import duckdb
    from sqlglot import exp

    law = document()
    tier = law.parameter("tier", "fen", "档次", "tier")
    law.amount("x-1", "fen", "金额", "amount", tier * 2)
    query = verdict_query(law, {"tier": exp.column("tier_here")}, on=20260101, passthrough=["place", "tier_here"])
    with duckdb.connect() as database:
        database.execute("CREATE TABLE facts AS SELECT * FROM (VALUES ('甲', 100), ('乙', 200)) AS given (place, tier_here)")
        rows = database.execute(f"SELECT place, fen FROM ({query}) ORDER BY fen").fetchall()
    assert rows == [("甲", 200), ("乙", 400)]


def test_category_and_payer_as_enumerations_read_the_same() -> None:
    import duckdb

    law = document()
    first = law.identity("tekun", "特困", "special hardship", ("civil_affairs",), payer="civil_affairs")
    second = law.identity("disabled", "残疾", "disabled", ("federation",), payer="federation")
    law.rank(["disabled", "tekun"])
    law.any_of(
        "x-1", "属于所列人群", "of the groups named", {"x-1a": ("特困", "tekun", first), "x-1b": ("残疾", "disabled", second)}
    )
    plain, enumerated = (verdict_query(law, {}, on=20260101, passthrough=["person"], enumerated=each) for each in (False, True))
    with duckdb.connect() as database:
        database.execute(
            "CREATE TABLE facts AS SELECT * FROM (VALUES (1, TRUE, NULL), (2, TRUE, TRUE), (3, FALSE, FALSE), (4, NULL, NULL)) "
            "AS given (person, identity_tekun, identity_disabled)"
        )
        types = database.execute(f"SELECT typeof(category), typeof(payer) FROM ({enumerated}) LIMIT 1").fetchone()
        rows = [database.execute(f"SELECT * FROM ({query}) ORDER BY person").fetchall() for query in (plain, enumerated)]
    assert types == ("ENUM('disabled', 'tekun')", "ENUM('federation', 'civil_affairs')")
    assert rows[0] == rows[1]
    assert [row[-2:] for row in rows[1]] == [("tekun", "civil_affairs"), ("disabled", "federation"), (None, None), (None, None)]


def test_only_duckdb_has_enumerations() -> None:
    with pytest.raises(ValueError, match="spark"):
        verdict_query(document(), {}, on=20260101, dialect="spark", enumerated=True)


def test_a_code_is_text() -> None:
    assert str(text("a").node) == "'a'"
