"""Words of loans: whatever is posted about a loan is called by a name on pages, in both languages."""

import ast
from datetime import date
from pathlib import Path

import pytest
from django.utils.translation import override

import zhubao.loans
from zhubao.lending import Kind
from zhubao.loans.books import DERIVED
from zhubao.loans.models import Loan, LoanEvent
from zhubao.parameters import NATION, Parameter, ParameterBook
from zhubao.web.loans.words import EVENTS, POSTED, posted_said, source_said

POSTING_CALLS = {"_post", "_line"}
# Reckoned by the replay from the terms and the month-ends; nobody enters them.
NEVER_ENTERED = {Kind.BOOKED, Kind.SETTLED}


def kinds_written() -> set[str]:
    """Return the kinds that the program posts by name, as its source has them."""
    found: set[str] = set()
    for file in Path(zhubao.loans.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in POSTING_CALLS:
                given = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "kind")]
                words = {each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)}
                found |= {word for word in words if word.isidentifier()}
    return found


KINDS = sorted({kind for kinds in DERIVED.values() for kind in kinds} | kinds_written())


def test_the_source_names_the_kinds_a_replay_does_not() -> None:
    assert kinds_written() >= {"contribution", "contribution_subsidy", "written_off", "fraud_subsidy", "deductions_paid_back"}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_posting_has_a_name(kind: str, language: str) -> None:
    with override(language):
        said = str(posted_said(f"{kind}.bank"))
    assert said != kind
    assert said.isascii() == (language == "en")


def test_no_name_is_left_over() -> None:
    assert set(POSTED) <= set(KINDS)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in NEVER_ENTERED], ids=lambda kind: kind.name)
def test_every_event_that_is_entered_has_a_name(kind: Kind) -> None:
    with override("zh-hans"):
        assert not str(EVENTS[kind]).isascii()


@pytest.mark.parametrize(
    ("local", "words"),
    [
        pytest.param((), "一年期贷款市场报价利率 · 未核实", id="表里的数值未经核实"),
        pytest.param(
            (Parameter("lpr_1y_ppm", 30_000, "ppm", NATION, date(2026, 9, 21), None, "LPR公告"),),
            "一年期贷款市场报价利率",
            id="本地录入了公告",
        ),
    ],
)
def test_a_published_rate_nobody_has_verified_says_so(local: tuple[Parameter, ...], words: str) -> None:
    event = LoanEvent(
        loan=Loan(region_code="360281"), day=date(2026, 10, 12), kind=Kind.CEILING_SET, amount=30_000, source="lpr_1y_ppm"
    )
    assert source_said(event, ParameterBook.built_in().over(local)) == words
