"""What the rules say of one person: the verdict at once, its reasons decoded only when somebody reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from zhubao.language import Language, Text

from .binding import Binding
from .compiled import Compiled, Scalar
from .policy import Clause, Fact
from .verdicts import Kind, Verdict, whole


@dataclass(slots=True)
class Known:
    """What is known of a person: a value per fact column (absent = unknown), and where each subject's value came from.

    `has_contract` adds the clauses about a loan contract; `assumed` are figures put in for the person's own missing choice
    (fact, what was assumed, who decides).
    """

    values: Mapping[str, Scalar]
    sources: Mapping[str, str] = field(default_factory=dict)
    has_contract: bool = False
    assumed: tuple[tuple[str, Text, Text], ...] = ()


class ClauseRow(NamedTuple):
    """One clause on the sheet: article, label, value, where it came from, verdict."""

    id: str
    article: str
    kind: Kind
    label: Text
    verdict: Verdict
    value: Scalar
    unit: str
    source: str | None
    part_of: str | None
    remark: Text | None

    def as_json(self, language: Language) -> dict[str, Any]:
        """Return the row of the JSON contract."""
        row: dict[str, Any] = {
            "id": self.id,
            "article": self.article,
            "kind": self.kind,
            "label": self.label.in_(language),
            "verdict": self.verdict.word,
            "value": readable(self.value, self.unit),
            "source": self.source,
            "part_of": self.part_of,
        }
        if self.remark is not None:
            row["remark"] = self.remark.in_(language)
        return row


class Missing(NamedTuple):
    """Something nobody has shown: a fact of the person, or a figure of the place (then `area_code` is given)."""

    fact: str
    area_code: str | None
    label: Text
    needed_by: tuple[str, ...]
    remedy: Text


class Assessment:
    """The verdict of one policy on one person on one day. `clauses`, `missing` and the like are decoded on first reading."""

    __slots__ = ("__dict__", "_results", "binding", "compiled", "known")

    def __init__(
        self, compiled: Compiled, binding: Binding, known: Known, facts: Sequence[Scalar], figures: Sequence[Scalar]
    ) -> None:
        self.compiled = compiled
        self.binding = binding
        self.known = known
        self._results = compiled.judge(facts, figures)

    @property
    def outcome(self) -> Verdict:
        """Return the verdict of the document's first decision."""
        results = self._results
        return whole(results[0], results[1], results[2], self.compiled.deciding)

    @property
    def outcomes(self) -> dict[str, Verdict]:
        """Return the verdict per decision: Jiangxi decides the loan and the interest subsidy separately."""
        failed, unknown, undecided, *_ = self._results
        return {name: whole(failed, unknown, undecided, mask) for name, mask in self.compiled.counting.items()}

    @property
    def verdict(self) -> str:
        """Return the verdict as the word of the JSON contract."""
        return self.outcome.word

    @property
    def decisions(self) -> dict[str, str]:
        """Return the word per decision."""
        return {name: verdict.word for name, verdict in self.outcomes.items()}

    @property
    def failed(self) -> list[str]:
        """Return the ids of the clauses not met, in article order; alternatives show only through their group."""
        return self._ids(self._results[0])

    @property
    def unknown(self) -> list[str]:
        """Return the ids of the clauses whose evidence is missing, in article order."""
        return self._ids(self._results[1])

    @property
    def undecided(self) -> list[str]:
        """Return the ids of the clauses that wait for an open question to be decided, in article order."""
        return self._ids(self._results[2])

    @property
    def category(self) -> str | None:
        """Return the code of the category that decides."""
        category: str | None = self._results[3]
        return category

    @property
    def categories(self) -> list[str]:
        """Return the codes of all categories in force, in the order the document names them."""
        return [code for code, holds in zip(self.compiled.policy.categories, self._explained[4], strict=True) if holds is True]

    @property
    def payer(self) -> str | None:
        """Return who pays: the contribution on behalf, or the interest before the pension."""
        payer: str | None = self._results[4]
        return payer

    @property
    def amounts(self) -> dict[str, int | None]:
        """Return the document's amounts in its order; what is paid only when met is 0 or None for others."""
        policy, outcome = self.compiled.policy, self.outcome
        amounts = dict(zip(policy.amounts, self._results[5:], strict=True))
        for key, refused in policy.paid.items():
            if outcome is not Verdict.MET:
                amounts[key] = refused if outcome is Verdict.NOT_MET else None
        return amounts

    def _ids(self, mask: int) -> list[str]:
        ids = []
        while mask:
            bit = mask & -mask
            ids.append(self.compiled.clauses[bit.bit_length() - 1].id)
            mask ^= bit
        return ids

    @cached_property
    def _explained(self) -> tuple[Any, ...]:
        facts = [self.known.values.get(name) for name in self.compiled.policy.facts]
        figures = [self.binding.day, *(self.binding.values[name] for name in self.compiled.parameters[1:])]
        return self.compiled.explain(facts, figures)

    @cached_property
    def clauses(self) -> list[ClauseRow]:
        """Return every clause in article order with its value and source."""
        truths, values, remarks, *_ = self._explained
        undecided = self._results[2]
        rows = []
        for bit, clause in enumerate(self.compiled.clauses):
            truth = truths[bit]
            unknown = Verdict.TO_BE_DECIDED if undecided >> bit & 1 else Verdict.EVIDENCE_MISSING
            verdict = Verdict.MET if truth is True else Verdict.NOT_MET if truth is False else unknown
            remark = clause.remark[1] if clause.remark is not None and remarks[bit] is True else None
            rows.append(
                ClauseRow(
                    clause.id,
                    clause.article,
                    clause.kind,
                    clause.label,
                    verdict,
                    values[bit],
                    clause.unit,
                    self._source(clause),
                    clause.part_of,
                    remark,
                )
            )
        return rows

    def _source(self, clause: Clause) -> str | None:
        """Return where the values behind a clause came from: the person's records first, then the tables."""
        facts, parameters = self._basis(clause)
        policy = self.compiled.policy
        subjects = dict.fromkeys(fact.subject for name, fact in policy.facts.items() if name in facts)
        named = [self.known.sources[subject] for subject in subjects if subject in self.known.sources]
        figures = (self.binding.figures[name] for name in policy.parameters if name in parameters)
        named += [figure.source for figure in figures if figure is not None and figure.source]
        return "；".join(dict.fromkeys(named)) or None

    def _basis(self, clause: Clause) -> tuple[frozenset[str], frozenset[str]]:
        """Return the facts and parameters of a clause, those of the value it shows included."""
        facts, parameters = self.compiled.policy.basis(clause.holds)
        if clause.value is not None:
            more_facts, more_parameters = self.compiled.policy.basis(clause.value)
            return facts | more_facts, parameters | more_parameters
        return facts, parameters

    @cached_property
    def missing(self) -> list[Missing]:
        """Return what would settle the clauses whose evidence is missing, each named once with the clauses that need it."""
        needed: dict[tuple[str, str | None], list[str]] = {}
        remedies: dict[tuple[str, str | None], tuple[Text, Text]] = {}
        policy = self.compiled.policy
        for row, clause in zip(self.clauses, self.compiled.clauses, strict=True):
            if row.verdict is not Verdict.EVIDENCE_MISSING or clause.part_of is not None:
                continue
            facts, parameters = policy.basis(clause.holds)
            unknown = [fact for name, fact in policy.facts.items() if name in facts and self._asked_for(fact)]
            # A question nobody has answered is not a figure somebody forgot to enter: it makes the clause "to be decided".
            figures = [
                parameter
                for name, parameter in policy.parameters.items()
                if name in parameters and self.binding.values[name] is None and parameter.question is None
            ]
            if not unknown and not figures:
                unknown = [fact for fact in policy.facts.values() if fact.name in self._settling(clause)]
            for fact in unknown:
                self._note(needed, remedies, (fact.subject, None), clause.id, (fact.label, fact.remedy))
            for parameter in figures:
                label, name = parameter.label, parameter.name
                enter = Text(f"录入{label.zh}及其依据", f"enter {label.en} with its source")
                self._note(needed, remedies, (name, self.binding.area_code), clause.id, (label, enter))
        return [Missing(*key, remedies[key][0], tuple(ids), remedies[key][1]) for key, ids in needed.items()]

    def _asked_for(self, fact: Fact) -> bool:
        return not fact.optional and self.known.values.get(fact.name) is None

    def _settling(self, clause: Clause) -> frozenset[str]:
        """Return the facts that would settle readings that differ, seen through derivations."""
        if clause.value is None:
            return clause.holds.settles
        derivations = self.compiled.policy.derivations
        read = (derivations[name].settles for name in clause.value.names[0] if name in derivations)
        return clause.holds.settles.union(*read)

    @staticmethod
    def _note(
        needed: dict[tuple[str, str | None], list[str]],
        remedies: dict[tuple[str, str | None], tuple[Text, Text]],
        key: tuple[str, str | None],
        clause_id: str,
        words: tuple[Text, Text],
    ) -> None:
        remedies.setdefault(key, words)
        listed = needed.setdefault(key, [])
        if clause_id not in listed:
            listed.append(clause_id)

    @cached_property
    def provisional(self) -> list[str]:
        """Return the ids of the open questions this answer rests on and whose default nobody has confirmed."""
        asked = [question for clause in self.compiled.clauses for question, _ in clause.questions]
        mattering = {question for question, truth in zip(asked, self._explained[3], strict=True) if truth is True}
        read = set().union(*(self._basis(clause)[1] for clause in self.compiled.clauses))
        mattering |= {
            parameter.question
            for name, parameter in self.compiled.policy.parameters.items()
            if name in read and parameter.question and self.binding.values[name] is not None
        }
        return sorted(mattering & self.binding.provisional)

    @cached_property
    def unverified(self) -> list[tuple[str, Any]]:
        """Return (parameter, figure) for every figure used whose confidence is C: general knowledge, never official."""
        read = set().union(*(self._basis(clause)[1] for clause in self.compiled.clauses))
        figures = ((name, self.binding.figures[name]) for name in self.compiled.policy.parameters if name in read)
        return [(name, figure) for name, figure in figures if figure is not None and figure.confidence == "C"]


def readable(value: Scalar, unit: str) -> Scalar:
    """Return a value as the JSON contract writes it: months as "2026-08", days as "2026-08-31", everything else as it is."""
    if value is None or isinstance(value, bool) or not isinstance(value, int):
        return value
    if unit == "month":
        year, month = divmod(value - 1, 12)
        return f"{year:04d}-{month + 1:02d}"
    if unit == "day":
        return f"{value // 10_000:04d}-{value // 100 % 100:02d}-{value % 100:02d}"
    return value
