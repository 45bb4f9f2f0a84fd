"""What the page of a document shows: each clause with its evidence, its figures of a day and place, its open questions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.utils.translation import gettext

from zhubao.access.actors import Actor
from zhubao.language import Text
from zhubao.parameters import Parameter, ParameterBook
from zhubao.parameters.questions import Question, Settled, questions, settle
from zhubao.policies import coverage, judge_of
from zhubao.policies.claims import Claim
from zhubao.policies.register import Clause, Document, clauses
from zhubao.programmes.selectors import area_of_region, extended_to, past_term
from zhubao.rules.policy import Parameter as LawParameter

from .words import ACTORS, KINDS

TONES: dict[coverage.Status, str] = {"covered": "ok", "not_computable": "info", "missing": "wait"}
ORDER: tuple[coverage.Status, ...] = ("missing", "covered", "not_computable")


@dataclass(frozen=True)
class Term:
    """How a document stands on a day: a draft, before or past its term, or in force; `extension` is what prolongs it."""

    document: Document
    on: date
    extension: Parameter | None
    over: bool

    @property
    def early(self) -> bool:
        """Whether the document is not in force yet."""
        return self.document.in_force_from is not None and self.on < self.document.in_force_from

    @property
    def extended(self) -> bool:
        """Whether only an extension keeps the document in force."""
        last = self.document.in_force_to
        return not self.over and last is not None and last < self.on


@dataclass(frozen=True)
class FigureUsed:
    """A figure a clause rests on: `entry` as found in the tables, `default` the one in the document's own text (None: neither)."""

    name: str
    label: Text
    unit: str
    entry: Parameter | None
    default: int | None
    only_up: bool | None

    @property
    def missing(self) -> bool:
        """Whether somebody has to enter it."""
        return self.entry is None and self.default is None


@dataclass(frozen=True)
class ClauseSheet:
    """One clause as the page shows it."""

    clause: Clause
    status: coverage.Status
    remark: Text
    claims: tuple[tuple[Text, Claim], ...]
    tests: tuple[str, ...]
    figures: tuple[FigureUsed, ...]
    questions: tuple[Settled, ...]

    @property
    def kind(self) -> str:
        """Return the kind of the clause in words."""
        return str(KINDS[self.clause.kind])

    @property
    def actors(self) -> str:
        """Return whom the clause speaks to, in words."""
        return gettext(", ").join(str(ACTORS[actor]) for actor in self.clause.actors)

    @property
    def word(self) -> Text:
        """Return the status in a word."""
        return coverage.STATUS_WORDS[self.status]

    @property
    def tone(self) -> str:
        """Return the tone of the status' tag."""
        return TONES[self.status]


def area_of(document: Document, actor: Actor | None) -> str:
    """Return the place whose figures are shown: the reader's own county inside the document's region, else the region."""
    inside = actor is not None and actor.scope.startswith(document.region)
    return area_of_region(actor.scope if actor and inside else document.region)


def term_of(document: Document, on: date, area_code: str, book: ParameterBook) -> Term:
    """Return how a document stands on a day in a place."""
    policy = judge_of(document.policy).policy
    extension = extended_to(policy, on, area_code, book)
    return Term(document, on, extension, past_term(policy, on, extension))


def sheets(policy_id: str, on: date, area_code: str, book: ParameterBook) -> list[ClauseSheet]:
    """Return every clause of a document in its order."""
    found = coverage.shipped()
    return [
        ClauseSheet(
            clause=each,
            status=found.status(each),
            remark=found.remark(each),
            claims=tuple((coverage.ROLE_WORDS[claim.role], claim) for claim in found.claims.get(each.id, ())),
            tests=found.tests.get(each.id, ()),
            figures=tuple(_used(parameter, on, area_code, book) for parameter in _parameters_of(policy_id).get(each.id, ())),
            questions=tuple(settle(book, question.id, on, area_code) for question in _questions_of(policy_id).get(each.id, ())),
        )
        for each in clauses(policy_id)
    ]


def chosen(listed: Iterable[ClauseSheet], *, status: str, kind: str, words: str, missing_first: bool) -> list[ClauseSheet]:
    """Return the clauses a reader asked for ("" = all); all of `words` must occur in id, article, label or statement."""
    wanted = words.casefold().split()
    found = [
        each
        for each in listed
        if status in ("", each.status) and kind in ("", each.clause.kind) and all(word in _said(each.clause) for word in wanted)
    ]
    return sorted(found, key=lambda each: ORDER.index(each.status)) if missing_first else found


def _said(clause: Clause) -> str:
    return " ".join((clause.id, clause.article, *clause.label, clause.statement)).casefold()


def _used(parameter: LawParameter, on: date, area_code: str, book: ParameterBook) -> FigureUsed:
    entry = next((found for name in parameter.names if (found := book.find(name, on, area_code))), None)
    label = Text(parameter.label.zh, parameter.label.en)
    return FigureUsed(parameter.name, label, parameter.unit, entry, parameter.default, parameter.only_up)


@cache
def _parameters_of(policy_id: str) -> dict[str, tuple[LawParameter, ...]]:
    """Return register id → the figures its rules count with; answers to open questions are shown as questions."""
    policy = judge_of(policy_id).policy
    found: dict[str, dict[str, LawParameter]] = {}
    for clause in policy.clauses:
        names = set(policy.basis(clause.holds)[1])
        if clause.value is not None:
            names |= policy.basis(clause.value)[1]
        figures = {name: one for name in sorted(names) if (one := policy.parameters[name]).names == (name,)}
        for declared in clause.ids:
            found.setdefault(declared.partition("/")[0], {}).update(figures)
    return {clause_id: tuple(figures.values()) for clause_id, figures in found.items()}


@cache
def _questions_of(policy_id: str) -> dict[str, tuple[Question, ...]]:
    """Return register id → the open questions that touch it, by the questions' own list and by what the rules rest on."""
    touched: dict[str, set[str]] = {}
    for question in questions().values():
        for clause_id in question.clauses:
            touched.setdefault(clause_id, set()).add(question.id)
    for clause in judge_of(policy_id).policy.clauses:
        for declared in clause.ids:
            touched.setdefault(declared.partition("/")[0], set()).update(name for name, _when in clause.questions)
    order = list(questions())
    return {
        clause_id: tuple(questions()[name] for name in sorted(names & set(order), key=order.index))
        for clause_id, names in touched.items()
    }
