"""The words in which a policy document is written down: facts, parameters, derivations, then clauses in article order."""

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from sqlglot import exp

from zhubao.errors import ZhubaoError
from zhubao.language import Text as Label

from .expressions import AnyValue, Flag, Number, Text, Value, decide, first_known_true, some, text
from .verdicts import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

FactType = Literal["flag", "number", "text"]


@dataclass(frozen=True)
class Fact:
    """A column of what is known of a person.

    `subject` is the key a person's record calls it by ("birth" for both ends of an unknown day); `remedy` says who can show it.
    An `optional` fact is never asked for: the rules know what stands in its place.
    """

    name: str
    type: FactType
    subject: str
    label: Label
    remedy: Label
    optional: bool = False


@dataclass(frozen=True)
class Parameter:
    """A dated figure that the document refers to or leaves open.

    `default` stands where no table and no setting has a value: the default of an open `question`, or the figure of the text.
    `only_up` tells that a local setting may raise the figure, never lower it (relax, never narrow); False the other way round;
    None that a locality has no power over it. `at_signing` figures are those of the day the loan contract was signed, where there is
    one. `unit` is fen, ppm, months, years or percent. `names` are looked up in turn; `codes`
    turn the word of a setting into the number the rules count with.
    """

    name: str
    unit: str
    label: Label
    default: int | None = None
    question: str | None = None
    only_up: bool | None = None
    names: tuple[str, ...] = ()
    codes: Mapping[str, int] | None = None
    at_signing: bool = False


@dataclass(frozen=True)
class Clause:
    """One computable statement of the document.

    `ids` are its rows in the clause register, the first is the name it goes by. `value` is what the sheet shows beside it.
    `part_of` names the group an alternative belongs to; only the group counts. `decision` is "loan" or "subsidy" where the
    document has two. `questions` are the open questions its answer rests on, each with the condition under which it matters.
    `open_when` is the condition under which an unknown answer waits for a decision, not for evidence. `unit` tells how the value
    reads: fen, ppm, months, month (a month count), day (yyyymmdd), code, flag or count.
    """

    ids: tuple[str, ...]
    article: str
    kind: Kind
    label: Label
    holds: Flag
    value: Value | None
    unit: str
    decision: str
    part_of: str | None = None
    about_contract: bool = False
    questions: tuple[tuple[str, Flag | None], ...] = ()
    remark: tuple[Flag, Label] | None = None
    open_when: Flag | None = None

    @property
    def id(self) -> str:
        """Return the register id the clause goes by."""
        return self.ids[0]

    @property
    def never_fails(self) -> bool:
        """Whether the clause can only hold or be unknown: a figure without a limit."""
        node = self.holds.node
        return isinstance(node, exp.Or) and isinstance(node.expression.unnest(), exp.Null)


@dataclass(frozen=True)
class Identity:
    """A category a department certifies; its flag is the fact column of that name.

    `certifiers` may certify it; `certificate` is the fact column that says whether its paper was shown, None where no paper is asked.
    `household`: it is held by a household, so that each member on its list has it.
    """

    code: str
    fact: str
    label: Label
    certifiers: tuple[str, ...]
    certificate: str | None = None
    payer: str | None = None
    household: bool = False


@dataclass
class Policy:
    """A policy document as executable clauses. Declared at import of its module, never changed afterwards.

    `region` is the area code it holds in (a province's two leading digits suffice); `in_force` its first and last day, both
    included, None where open. A `trial` document is a draft: any date is answered, marked as a trial. `paid` names the amounts that
    are given only to a person who meets the document, each with what stands there for one who does not. `categories` tells of each
    identity whether the person is in it: as certified, or as `qualify` says. `tag` is the short mark of the document in numbers of
    papers.
    """

    id: str
    title: Label
    region: str
    kind: Literal["loan", "assistance"]
    scheme: str
    in_force: tuple[date | None, date | None]
    trial: bool = False
    tag: str = ""
    facts: dict[str, Fact] = field(default_factory=dict)
    parameters: dict[str, Parameter] = field(default_factory=dict)
    derivations: dict[str, Value] = field(default_factory=dict)
    identities: dict[str, Identity] = field(default_factory=dict)
    categories: dict[str, Flag] = field(default_factory=dict)
    clauses: list[Clause] = field(default_factory=list)
    amounts: dict[str, Number] = field(default_factory=dict)
    paid: dict[str, int | None] = field(default_factory=dict)
    category: Text | None = None
    payer: Text | None = None
    decisions: list[str] = field(default_factory=list)
    _article: str = ""
    _decision: str = ""
    _about_contract: bool = False
    _bases: dict[str, tuple[frozenset[str], frozenset[str]]] = field(default_factory=dict)

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

    # ── reading it ──

    @property
    def columns(self) -> list[str]:
        """Return the fact columns that clauses without a contract read, in order of declaration."""
        return self.columns_read(with_contract=False)

    def columns_read(self, *, with_contract: bool) -> list[str]:
        """Return the fact columns that are read, in order of declaration."""
        read: set[str] = set()
        for clause in self.judged(with_contract=with_contract):
            read |= self.basis(clause.holds)[0]
        for value in (*self.amounts.values(), self.category, self.payer):
            if value is not None:
                read |= self.basis(value)[0]
        for clause in self.judged(with_contract=with_contract):
            if clause.open_when is not None:
                read |= self.basis(clause.open_when)[0]
        return [name for name in self.facts if name in read]

    def judged(self, *, with_contract: bool) -> list[Clause]:
        """Return the clauses in article order, those about a contract only when there is one."""
        return [clause for clause in self.clauses if with_contract or not clause.about_contract]

    def basis(self, value: Value) -> tuple[frozenset[str], frozenset[str]]:
        """Return the facts and the parameters that `value` rests on, seen through named derivations."""
        columns, parameters = value.names
        facts: set[str] = set()
        figures = parameters - {"on"}
        for name in columns:
            if name in self.derivations:
                if name not in self._bases:  # a derivation never changes, so neither does what it rests on
                    self._bases[name] = self.basis(self.derivations[name])
                facts |= self._bases[name][0]
                figures |= self._bases[name][1]
            elif name in self.facts:
                facts.add(name)
            else:
                raise ValueError(f"{self.id}: {name} is neither a fact nor a derivation")
        return frozenset(facts), figures

    def check_in_force(self, on: date, extended_to: date | None = None) -> None:
        """Raise E-POLICY-NOT-IN-FORCE, naming the dates, when the document does not hold on `on`; a draft is answered any day."""
        first, last = self.in_force
        if extended_to is not None and last is not None:
            last = max(last, extended_to)
        if self.trial or ((first is None or first <= on) and (last is None or on <= last)):
            return
        until = last.isoformat() if last else ""
        raise ZhubaoError(
            "E-POLICY-NOT-IN-FORCE",
            Label(
                f"{on} 不在施行期内（{first} 起{f'，{until} 止' if until else ''}）",
                f"not in force on {on}: it holds from {first}{f' to {until}' if until else ''}",
            ),
            place=self.id,
            remedy=Label(
                "换一个日期；延长执行的，录入 setting.extended_to 及文件依据",
                "ask about another date, or enter setting.extended_to with its document",
            ),
        )


def _unit(value: Value | None) -> str:
    """Return how a value reads when nobody said: a flag, a code, or a plain count."""
    return "" if value is None else "flag" if isinstance(value, Flag) else "code" if isinstance(value, Text) else "count"
