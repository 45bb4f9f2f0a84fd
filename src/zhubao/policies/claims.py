"""Claims: what in the product carries out a clause of the register.

Rules and amounts are claimed by the policy modules themselves: each declared clause names its ids. Whatever stands above the
policies (domain apps, procedures, web, api) marks its own code::

    @implements("jx-2.5b", "jx-2.5c", as_="action")
    def verify_subsidies(...): ...

    claim("jx-3.5b", as_="state", by="zhubao.loans.states.TRANSITIONS#account_locked")

What stands below them (lending, pension, calendars, parameters) does not know the documents: its claims are rows of a file
``register/claims/<package>.csv`` with the columns clause, role, by. Making a claim costs an append, no reading and no import.
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Literal, NamedTuple, Protocol, TypeVar, cast

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .register import FOLDER, clause, documents

Role = Literal["rule", "amount", "state", "action", "feature"]
ROLES: tuple[Role, ...] = ("rule", "amount", "state", "action", "feature")

Marked = TypeVar("Marked", bound=Callable[..., object])


class Claim(NamedTuple):
    """`by`, a dotted name in the product (what follows ``#`` names a part of it), carries out a clause in this role."""

    clause: str
    role: Role
    by: str


class Declared(Protocol):
    """A clause as a policy module declares it: the register ids it covers and its kind."""

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the register it covers."""

    @property
    def kind(self) -> str:
        """Its kind in the register."""


class Law(Protocol):
    """A policy as a policy module declares it."""

    @property
    def clauses(self) -> Sequence[Declared]:
        """The clauses it declares."""


_made: dict[Claim, None] = {}


def implements(*clauses: str, as_: Role) -> Callable[[Marked], Marked]:
    """Mark a function or class as carrying out `clauses` as a state, an action or a feature; it is returned unchanged."""

    def mark(marked: Marked) -> Marked:
        claim(*clauses, as_=as_, by=f"{marked.__module__}.{marked.__qualname__}")
        return marked

    return mark


def claim(*clauses: str, as_: Role, by: str) -> None:
    """Claim `clauses` for something that cannot be decorated: a row of a table of states, a template, a constraint."""
    for each in clauses:
        _made[Claim(each, as_, by)] = None


def made_claims() -> tuple[Claim, ...]:
    """Return the claims made by the modules imported so far."""
    return tuple(_made)


def law_claims(law: Law, module: str) -> tuple[Claim, ...]:
    """Return the claims of a policy module.

    A clause may be declared in parts (``ps-1a/dibao`` belongs to ps-1a); an id that names an open question (``A-PS-9``)
    stands for something the document does not say and claims nothing.
    """
    return tuple(
        Claim(each.partition("/")[0], "amount" if declared.kind == "amount" else "rule", f"{module}.law#{declared.ids[0]}")
        for declared in law.clauses
        for each in declared.ids
        if not each.startswith("A-")
    )


def policy_claims() -> tuple[Claim, ...]:
    """Import the policy modules there are and return what they claim."""
    found: list[Claim] = []
    for document in documents():
        if find_spec(document.module) is not None:
            law: Law = import_module(document.module).law
            found += law_claims(law, document.module)
    return tuple(found)


def written_claims() -> tuple[Claim, ...]:
    """Return the claims written in ``register/claims/*.csv``."""
    found: list[Claim] = []
    for path in sorted((FOLDER / "claims").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            found += [Claim(row["clause"], cast(Role, row["role"]), row["by"]) for row in csv.DictReader(lines)]
    return tuple(found)


def checked(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return the claims sorted by clause, role and name, each once.

    Raise E-CLAUSE-UNKNOWN for an id outside the register, E-CLAIM-ROLE for a role there is not, E-CLAIM-NAME for a name that
    leads nowhere in the product.
    """
    result = set(claims)
    for each in result:
        clause(each.clause)
        if each.role not in ROLES:
            raise ZhubaoError(
                "E-CLAIM-ROLE",
                Text(f"没有“{each.role}”这种实现方式", f"no such role: {each.role}"),
                place=f"{each.by} {each.clause}",
            )
        if not exists(each.by):
            raise ZhubaoError(
                "E-CLAIM-NAME",
                Text("产品里没有这个名字", "the product has nothing of this name"),
                place=f"{each.by} {each.clause}",
            )
    return tuple(sorted(result, key=lambda one: (one.clause, ROLES.index(one.role), one.by)))


@cache
def exists(name: str) -> bool:
    """Tell whether a dotted name (up to a ``#``) leads to a module of the product or to something in one."""
    path = name.partition("#")[0].split(".")
    for length in range(len(path), 0, -1):
        try:
            found: object = import_module(".".join(path[:length]))
        except ModuleNotFoundError:
            continue
        for part in path[length:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False
