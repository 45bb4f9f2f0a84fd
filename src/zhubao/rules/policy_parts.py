"""What a policy document consists of: facts it asks for, dated figures, certified identities, clauses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlglot import exp

from zhubao.language import Text as Label

from .expressions import Flag, Value
from .verdicts import Kind

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
