"""Questions whose SQL is composed once and asked many times with other values.

Composing a small statement takes Django longer than answering it takes PostgreSQL, and planning it comes on top; a page asks twenty
(decision 22 has the figures). Here a query set with places for its values is composed on first use, and the database keeps it prepared;
asking it again only fills the places. The rows are what the query set would return.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from django.db.models import Expression, Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=Model)


class Given(Expression):
    """A place in a question: its value is given by name when it is asked, as the database takes it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """Return a placeholder, and itself as what stands for the value."""
        return "%s", [self]


@dataclass(frozen=True)
class _Statement:
    """A composed question: its text, its values and places, and how rows become objects. Without a text nothing can be found."""

    text: str = ""
    values: tuple[Any, ...] = ()
    model: type[Model] = Model
    start: int = 0
    end: int = 0
    names: tuple[str, ...] = ()
    related: tuple[Any, ...] = ()
    annotations: tuple[tuple[str, int], ...] = ()
    converters: tuple[tuple[int, Any, tuple[Callable[..., Any], ...]], ...] = ()


class Composed(Generic[Row]):
    """A question composed on first use; `question` returns its query set, with `Given` where the values go.

    The query set may join (`select_related`), annotate, defer, order and slice; `prefetch_related` it does not carry out.
    """

    def __init__(self, question: Callable[[], "QuerySet[Row]"]) -> None:
        self._question = question
        self._statement: _Statement | None = None

    def rows(self, **values: Any) -> list[Row]:
        """Ask, and return the rows with their joined objects."""
        statement = self._statement = self._statement or _compose(self._question())
        if not statement.text:
            return []
        given = [values[each.name] if isinstance(each, Given) else each for each in statement.values]
        told = ask(statement.text, given)
        here = connections[DEFAULT_DB_ALIAS]
        return [_made(statement, row, here) for row in told]

    def first(self, **values: Any) -> Row | None:
        """Ask, and return the first row, None where there is none."""
        return next(iter(self.rows(**values)), None)


def ask(statement: str, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Have a statement answered whose text is always the same, and return the rows.

    The database keeps it prepared where the connection's `prepare_threshold` allows that: not behind a pooler that hands every
    transaction to another connection.
    """
    here: Any = connections[DEFAULT_DB_ALIAS]
    with _cursor(here) as cursor:
        cursor.execute(statement, values)
        told: list[tuple[Any, ...]] = cursor.fetchall()
        return told


def _cursor(here: Any) -> CursorWrapper:
    # Where statements are written down, their values are wanted in them.
    if here.settings_dict["OPTIONS"].get("prepare_threshold") is None or here.queries_logged:
        plain: CursorWrapper = here.cursor()
        return plain
    # What `cursor` of the connection does, with the values sent beside the statement and not written into it.
    here.close_if_health_check_failed()
    if here.connection is None:
        here.ensure_connection()
    beside: Any = ServerBindingCursor
    cursor: CursorWrapper = here._prepare_cursor(beside(here.connection))
    return cursor


def _compose(question: "QuerySet[Any]") -> _Statement:
    compiler = question.query.get_compiler(using=question.db)
    try:
        text, values = compiler.as_sql()
    except EmptyResultSet:
        return _Statement()
    populators: Any = get_related_populators  # its stub is of another version
    select, shape, annotations = compiler.select, compiler.klass_info, compiler.annotation_col_map
    start, end = shape["select_fields"][0], shape["select_fields"][-1] + 1
    converters = compiler.get_converters([each[0] for each in select[: compiler.col_count]])
    return _Statement(
        text,
        tuple(values),
        shape["model"],
        start,
        end,
        tuple(each[0].target.attname for each in select[start:end]),
        tuple(populators(shape, select, question.db)),
        tuple((annotations or {}).items()),
        tuple((position, expression, tuple(changes)) for position, (changes, expression) in converters.items()),
    )


def _made(statement: _Statement, told: tuple[Any, ...], here: Any) -> Any:
    row = list(told)
    for position, expression, changes in statement.converters:
        for change in changes:
            row[position] = change(row[position], expression, here)
    made = statement.model.from_db(here.alias, statement.names, row[statement.start : statement.end])
    for one in statement.related:
        one.populate(row, made)
    for name, position in statement.annotations:
        setattr(made, name, row[position])
    return made


def keep_rows(owner: Model, name: str, rows: Iterable[Model]) -> None:
    """Put the rows of a relation where `owner.name.all()` finds them without asking, each with its owner, as prefetching would."""
    relation = getattr(owner, name)
    kept = relation.all()
    kept._result_cache = list(rows)
    kept._prefetch_done = True
    for row in kept._result_cache:
        setattr(row, relation.field.name, owner)
    if not hasattr(owner, "_prefetched_objects_cache"):
        owner._prefetched_objects_cache = {}  # type: ignore[attr-defined]
    owner._prefetched_objects_cache[name] = kept  # type: ignore[attr-defined]
