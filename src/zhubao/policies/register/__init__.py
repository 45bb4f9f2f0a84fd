"""The clause register: every normative statement of the five documents, in our own words, one CSV a document.

Reading it costs a few milliseconds and happens on the first question. The words are the project's; the documents' own
sentences are not in the product. Open questions (``A-PS-1``) are no clauses and do not stand here.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, cast

from zhubao.errors import ZhubaoError
from zhubao.language import Text

FOLDER = Path(__file__).parent

Computable = Literal["yes", "partly", "no"]


@dataclass(frozen=True, slots=True)
class Document:
    """One policy document.

    `prefix` begins the ids of its clauses; `module` is where its rules are written down; `region` is the area code it holds
    in, without trailing zeros. Both ends of its time in force are included, None where open. A `trial` document is a draft. `issuers` are the
    offices that signed it, () where the document does not name them. `open` is set where it says itself that everybody may read it (主动公开).
    """

    policy: str
    prefix: str
    module: str
    kind: Literal["loan", "assistance"]
    scheme: str
    region: str
    number: str
    published: date | None
    in_force_from: date | None
    in_force_to: date | None
    trial: bool
    title: Text
    issuers: tuple[Text, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class Basis:
    """An earlier document that a policy document rests on, with the clauses that cite it or carry on what it began.

    A preamble cites without saying for what: beside the preamble itself, `clauses` are matched by what they are about.
    """

    policy: str
    number: str
    title: Text
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """One normative statement.

    `article` is where it stands in the document; `actors` are those it speaks to; `features` are the capabilities of the
    product it asks for; `parameters` are the figures and codes in it, as text. `not_computable` says why nothing can be
    decided or shown by it, None where something can.
    """

    id: str
    policy: str
    article: str
    actors: tuple[str, ...]
    kind: str
    label: Text
    statement: str
    features: tuple[str, ...]
    computable: Computable
    parameters: tuple[tuple[str, str], ...]
    not_computable: Text | None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _pair(text: str) -> tuple[str, str]:
    key, _, value = text.partition("=")
    return key, value


def _names(text: str) -> list[str]:
    return text.split(";") if text else []


def _clause(policy: str, row: dict[str, str]) -> Clause:
    return Clause(
        id=row["id"],
        policy=policy,
        article=row["article"],
        actors=tuple(row["actors"].split(";")),
        kind=row["kind"],
        label=Text(row["label_zh"], row["label_en"]),
        statement=row["statement_en"],
        features=tuple(row["features"].split(";")),
        computable=cast(Computable, row["computable"]),
        parameters=tuple(_pair(each) for each in row["parameters"].split(";") if each),
        not_computable=Text(row["not_computable_zh"], row["not_computable_en"]) if row["not_computable_zh"] else None,
    )


@cache
def documents() -> tuple[Document, ...]:
    """Return the five documents in a fixed order."""
    return tuple(
        Document(
            policy=row["policy"],
            prefix=row["prefix"],
            module=row["module"],
            kind=cast(Literal["loan", "assistance"], row["kind"]),
            scheme=row["scheme"],
            region=row["region"],
            number=row["number"],
            published=_day(row["published"]),
            in_force_from=_day(row["in_force_from"]),
            in_force_to=_day(row["in_force_to"]),
            trial=row["trial"] == "yes",
            title=Text(row["title_zh"], row["title_en"]),
            issuers=tuple(map(Text, _names(row["issuers_zh"]), _names(row["issuers_en"]))),
            open=row["open"] == "yes",
        )
        for row in _rows(FOLDER / "documents.csv")
    )


def document(policy: str) -> Document:
    """Return the document with this policy id; raise E-POLICY-UNKNOWN naming the known ones."""
    for each in documents():
        if each.policy == policy:
            return each
    known = ", ".join(each.policy for each in documents())
    raise ZhubaoError("E-POLICY-UNKNOWN", Text(f"没有这个政策；有：{known}", f"no such policy; there are: {known}"), place=policy)


@cache
def bases(policy: str) -> tuple[Basis, ...]:
    """Return the earlier documents a policy document names as its basis, in its order, () where it names none."""
    rows = (row for row in _rows(FOLDER / "bases.csv") if row["policy"] == policy)
    return tuple(
        Basis(policy, row["number"], Text(row["title_zh"], row["title_en"]), tuple(_names(row["clauses"]))) for row in rows
    )


@cache
def clauses(policy: str | None = None) -> tuple[Clause, ...]:
    """Return the clauses of one policy in the order of the document, or of all; raise E-POLICY-UNKNOWN."""
    if policy is None:
        return tuple(clause for each in documents() for clause in clauses(each.policy))
    name = document(policy).policy
    return tuple(_clause(name, row) for row in _rows(FOLDER / f"{name}.csv"))


@cache
def _by_id() -> dict[str, Clause]:
    return {clause.id: clause for clause in clauses()}


def clause(clause_id: str) -> Clause:
    """Return the clause with this id (``rg-4.0a``); raise E-CLAUSE-UNKNOWN."""
    found = _by_id().get(clause_id)
    if found is None:
        raise ZhubaoError(
            "E-CLAUSE-UNKNOWN",
            Text("条款登记表里没有这个编号", "the clause register has no such id"),
            place=clause_id,
            remedy=Text("用 zhubao policies show 查编号", "look the id up with zhubao policies show"),
        )
    return found


def not_computable(policy: str | None = None) -> tuple[Clause, ...]:
    """Return the clauses by which nothing can be decided or shown, each with its reason."""
    return tuple(each for each in clauses(policy) if each.not_computable is not None)
