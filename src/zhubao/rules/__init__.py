"""Facts, clauses and verdicts; one tree compiled to Python for one person and printed as SQL for fifty million."""

from .assessment import Assessment, ClauseRow, Known, Missing
from .binding import Binding, Book, Figure, bind, day_number
from .compiled import Compiled, compile_policy
from .expressions import (
    Flag,
    Number,
    Text,
    agree,
    decide,
    decide_number,
    every,
    first_known_true,
    flag,
    greatest,
    least,
    number,
    some,
    text,
    whole_years,
)
from .policy import Clause, Fact, Identity, Parameter, Policy
from .verdicts import Kind, Verdict, whole

__all__ = [
    "Assessment", "Binding", "Book", "Clause", "ClauseRow", "Compiled", "Fact", "Figure", "Flag", "Identity", "Kind", "Known",
    "Missing", "Number", "Parameter", "Policy", "Text", "Verdict", "agree", "bind", "compile_policy", "day_number", "decide",
    "decide_number", "every", "first_known_true", "flag", "greatest", "least", "number", "some", "text", "whole", "whole_years",
]  # fmt: skip
