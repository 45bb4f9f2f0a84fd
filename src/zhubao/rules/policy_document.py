"""A policy document once it is written down: its facts, figures and clauses in order, what they rest on, when it is in force."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from zhubao.errors import ZhubaoError
from zhubao.language import Text as Label

from .expressions import Flag, Number, Text, Value
from .policy_parts import Clause, Fact, Identity, Parameter


@dataclass
class Document:
    """A policy document as its readers see it: what it declares, in order, and what each value rests on.

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
    _bases: dict[str, tuple[frozenset[str], frozenset[str]]] = field(default_factory=dict)

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
