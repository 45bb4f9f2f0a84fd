"""The words in which a policy document is written down: facts, parameters, derivations, then clauses in article order."""

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from zhubao.language import Text as Label

from .expressions import AnyValue, Flag, Number, Text, Value, decide, first_known_true, some, text
from .policy_document import Document
from .policy_parts import Clause, Fact, FactType, Identity, Parameter
from .verdicts import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Clause", "Fact", "Identity", "Parameter", "Policy"]


@dataclass
class Policy(Document):
    """A policy document as executable clauses. Declared at import of its module, never changed afterwards.

    Each word below declares one thing of the text and returns it for use in the next.
    """

    _article: str = ""
    _decision: str = ""
    _about_contract: bool = False

    # ── facts and parameters ──

    def _fact(
        self, name: str, kind: FactType, zh: str, en: str, subject: str | None, remedy: tuple[str, str] | None
    ) -> exp.Column:
        if name not in self.facts:
            remedy_label = Label(*remedy) if remedy else Label(f"补充“{zh}”的材料或记录", f"show a record of: {en}")
            self.facts[name] = Fact(name, kind, subject or name, Label(zh, en), remedy_label, remedy is None)
        return exp.column(name)

    def flag(self, name: str, zh: str, en: str, *, subject: str | None = None, remedy: tuple[str, str] | None = None) -> Flag:
        """Declare a yes/no fact."""
        return Flag(self._fact(name, "flag", zh, en, subject, remedy))

    def number(self, name: str, zh: str, en: str, *, subject: str | None = None, remedy: tuple[str, str] | None = None) -> Number:
        """Declare a fact that is an integer: months, fen, a yyyymmdd day or a month count."""
        return Number(self._fact(name, "number", zh, en, subject, remedy))

    def text(self, name: str, zh: str, en: str, *, subject: str | None = None, remedy: tuple[str, str] | None = None) -> Text:
        """Declare a fact that is a code."""
        return Text(self._fact(name, "text", zh, en, subject, remedy))

    def identity(
        self,
        code: str,
        zh: str,
        en: str,
        certifiers: Sequence[str],
        *,
        paper: bool = False,
        payer: str | None = None,
        household: bool = False,
    ) -> Flag:
        """Declare a category certified by one of `certifiers`; with `paper` its certificate has to be shown as well.

        A `household` category certified for one member holds for every member on the household's list.
        """
        fact = f"identity_{code}"
        certificate = f"certificate_{code}" if paper else None
        self.identities[code] = Identity(code, fact, Label(zh, en), tuple(certifiers), certificate, payer, household)
        holds = self.flag(fact, zh, en, subject=f"identities.{code}", remedy=(f"{zh}名册或证明", f"roster or certificate: {en}"))
        self.categories[code] = holds
        if certificate is None:
            return holds
        shown = self.flag(
            certificate,
            f"{zh}证件",
            f"certificate: {en}",
            subject=f"identities.{code}.certificate",
            remedy=(f"{zh}证件号", f"{en}: number"),
        )
        return holds & shown

    def qualify(self, code: str, shown: Flag) -> Flag:
        """Let `shown`, where it is known, decide a declared category; where it is not, the certified identity stands."""
        settled = self.derive(f"shown_{code}", shown)
        self.categories[code] = self.derive(f"in_{code}", decide([(settled.known(), settled)], self.categories[code]))
        return self.categories[code]

    def parameter(
        self,
        name: str,
        unit: str,
        zh: str,
        en: str,
        *,
        default: int | None = None,
        question: str | None = None,
        only_up: bool | None = None,
        at_signing: bool = False,
    ) -> Number:
        """Declare a dated figure, looked up on the date asked about in the person's locality, then the region, then the country."""
        names = (name, f"setting.{question}") if question else (name,)
        self.parameters[name] = Parameter(name, unit, Label(zh, en), default, question, only_up, names, at_signing=at_signing)
        return Number(exp.Placeholder(this=name))

    def setting(
        self,
        name: str,
        unit: str,
        zh: str,
        en: str,
        *,
        question: str | None = None,
        default: int | None = None,
        codes: Mapping[str, int] | None = None,
    ) -> Number:
        """Declare the answer to an open question: entered as ``setting.<question>``, `default` until then.

        Without a default nobody guesses: the clauses that need it say when they are to be decided. A setting without a `question` is entered as
        ``setting.<name>``: a choice of the office that no document leaves open.
        """
        self.parameters[name] = Parameter(
            name, unit, Label(zh, en), default, question, None, (f"setting.{question or name}",), codes
        )
        return Number(exp.Placeholder(this=name))

    def on(self) -> Number:
        """Return the day asked about, yyyymmdd."""
        return Number(exp.Placeholder(this="on"))

    def derive(self, name: str, value: AnyValue) -> AnyValue:
        """Name an intermediate result: computed once, reusable by name, shown in the explanation."""
        if name in self.derivations or name in self.facts:
            raise ValueError(f"{self.id}: {name} is declared twice")
        self.derivations[name] = value
        return type(value)(exp.column(name), value.settles)

    # ── where in the document ──

    @contextmanager
    def article(self, article: str, *, decision: str | None = None) -> "Iterator[None]":
        """Clauses declared inside stand in this article and, where named, belong to this decision."""
        before = self._article, self._decision
        self._article = article
        self._decision = decision if decision is not None else self._decision
        yield
        self._article, self._decision = before

    @contextmanager
    def contract(self) -> "Iterator[None]":
        """Clauses declared inside are about a loan contract and are judged only when there is one."""
        self._about_contract = True
        yield
        self._about_contract = False

    # ── clauses ──

    def _clause(
        self,
        ids: str | tuple[str, ...],
        kind: Kind,
        label: tuple[str, str],
        holds: Flag,
        value: Value | None,
        *,
        unit: str = "",
        part_of: str | None = None,
        questions: Sequence[str | tuple[str, Flag]] = (),
        remark: tuple[Flag, tuple[str, str]] | None = None,
        open_when: Flag | None = None,
    ) -> Clause:
        names = (ids,) if isinstance(ids, str) else ids
        if any(names[0] == clause.id for clause in self.clauses):
            raise ValueError(f"{self.id}: clause {names[0]} is declared twice")
        decision = self._decision or ("loan" if self.kind == "loan" else "assistance")
        if decision not in self.decisions:
            self.decisions.append(decision)
        asked = tuple((each, None) if isinstance(each, str) else each for each in questions)
        clause = Clause(
            ids=names,
            article=self._article,
            kind=kind,
            label=Label(*label),
            holds=holds,
            value=value,
            unit=unit or _unit(value),
            decision=decision,
            part_of=part_of,
            about_contract=self._about_contract,
            questions=asked,
            remark=(remark[0], Label(*remark[1])) if remark else None,
            open_when=open_when,
        )
        self.clauses.append(clause)
        return clause

    def must(
        self,
        ids: str | tuple[str, ...],
        zh: str,
        en: str,
        holds: Flag,
        *,
        shows: Value | None = None,
        unit: str = "",
        kind: Kind = "condition",
        questions: Sequence[str | tuple[str, Flag]] = (),
    ) -> Flag:
        """Declare a condition: the person has to fulfil it. Return it for use in other expressions."""
        self._clause(ids, kind, (zh, en), holds, shows, unit=unit, questions=questions)
        return holds

    def except_(
        self,
        ids: str | tuple[str, ...],
        zh: str,
        en: str,
        applies: Flag,
        *,
        shows: Value | None = None,
        unit: str = "",
        questions: Sequence[str | tuple[str, Flag]] = (),
    ) -> Flag:
        """Declare an exclusion: where it `applies` the person is left out. The label says what is met, e.g. "not a student"."""
        self._clause(
            ids, "exclusion", (zh, en), ~applies, shows if shows is not None else applies, unit=unit, questions=questions
        )
        return applies

    def any_of(
        self,
        ids: str | tuple[str, ...],
        zh: str,
        en: str,
        alternatives: Mapping[str, tuple[str, str, Flag]],
        *,
        also: Flag | None = None,
        questions: Sequence[str | tuple[str, Flag]] = (),
    ) -> Flag:
        """Declare a group of which one has to hold; `alternatives` maps register ids to labels and conditions.

        `also` is a further way to fulfil the group that the document does not number (a category added by a locality).
        """
        holds = some([*(each[2] for each in alternatives.values()), *([also] if also is not None else [])])
        group = self._clause(ids, "condition", (zh, en), holds, None, questions=questions)
        for clause_id, (label_zh, label_en, condition) in alternatives.items():
            self._clause(clause_id, "alternative", (label_zh, label_en), condition, condition, part_of=group.id)
        return holds

    def first_of(
        self,
        ids: str | tuple[str, ...],
        zh: str,
        en: str,
        order: Sequence[str],
        ranked: Sequence[tuple[str, str]],
        *,
        question: str,
    ) -> Text:
        """Declare that one benefit is paid by the first category that applies in `order` (codes of declared identities).

        `ranked` are the pairs the text itself puts in order; an overlap of any other pair rests on the open `question`.
        A pair in `ranked` that `order` turns round is a build error.
        """
        for higher, lower in ranked:
            if order.index(higher) > order.index(lower):
                raise ValueError(f"{self.id}: the text ranks {higher} before {lower}")
        flags = {code: self.categories[code] for code in order}
        unranked = [
            flags[first].known_true() & flags[second].known_true()
            for at, first in enumerate(order)
            for second in order[at + 1 :]
            if (first, second) not in ranked
        ]
        self.rank(order)
        overlap = some(unranked) if unranked else None
        self._clause(
            ids,
            "priority",
            (zh, en),
            Flag(exp.true()),
            self.category,
            questions=[(question, overlap)] if overlap is not None else [],
        )
        assert self.category is not None
        return self.category

    def rank(self, order: Sequence[str]) -> Text:
        """Take the first category known to apply in `order`, and its payer, as the person's category and payer."""
        flags = {code: self.categories[code] for code in order}
        self.category = self.derive("category_code", first_known_true([(flags[code], text(code)) for code in order]))
        payers = [(flags[code], text(self.identities[code].payer or "")) for code in order if self.identities[code].payer]
        self.payer = first_known_true(payers) if payers else None
        return self.category

    def amount(
        self,
        ids: str | tuple[str, ...],
        key: str,
        zh: str,
        en: str,
        value: Number,
        *,
        unit: str = "fen",
        questions: Sequence[str | tuple[str, Flag]] = (),
        limit: Flag | None = None,
        open_when: Flag | None = None,
        kind: Kind = "amount",
    ) -> Number:
        """Declare a figure the document gives; unknown while an input is missing. `limit` is what a request must keep within.

        Where `open_when` is true it is not evidence that is missing but a decision: the clause is to be decided.
        """
        named = self.figure(key, value)
        # Known: met. Unknown: evidence missing, never "no".
        holds = Flag(named.known().node, value.settles) | Flag(exp.Null())
        within = holds if limit is None else holds & limit
        self._clause(ids, kind, (zh, en), within, named, unit=unit, questions=questions, open_when=open_when)
        return named

    def figure(self, key: str, value: Number) -> Number:
        """Name an amount of the result without a clause of its own; naming one twice is a build error."""
        if key in self.amounts:
            raise ValueError(f"{self.id}: two amounts for {key}")
        # A figure that is itself a fact or a derivation keeps that name; only a formula needs one of its own.
        named = value if isinstance(value.node, exp.Column) else self.derive(key, value)
        self.amounts[key] = named
        return named

    def window(
        self,
        ids: str | tuple[str, ...],
        zh: str,
        en: str,
        inside: Flag,
        *,
        shows: Value | None = None,
        unit: str = "",
        outside: tuple[str, str],
    ) -> None:
        """Declare a period in which the document "in principle" wants the act done: outside, met with the remark `outside`."""
        self._clause(ids, "window", (zh, en), Flag(exp.true()), shows, unit=unit, remark=(~inside, outside))


def _unit(value: Value | None) -> str:
    """Return how a value reads when nobody said: a flag, a code, or a plain count."""
    return "" if value is None else "flag" if isinstance(value, Flag) else "code" if isinstance(value, Text) else "count"
