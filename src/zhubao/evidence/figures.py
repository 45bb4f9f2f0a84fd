"""The parameter book of a moment, read from the database once while nothing in it changes."""

from datetime import datetime
from typing import Any

from zhubao.access.composed import ask
from zhubao.parameters import ParameterBook
from zhubao.programmes.selectors import parameter_book

_KEPT = 16
# What tells one state of the figures from another: how many were entered and withdrawn by a moment, and the last of each.
_EDITION = """
    SELECT count(*), max(id), count(*) FILTER (WHERE withdrawn_at <= %(moment)s),
        max(withdrawn_at) FILTER (WHERE withdrawn_at <= %(moment)s)
    FROM programmes_localfigure WHERE entered_at <= %(moment)s"""
_books: dict[tuple[Any, ...], ParameterBook] = {}


def book_at(moment: datetime) -> ParameterBook:
    """Return the book a decision at `moment` is judged with: the same object as long as no figure was entered or withdrawn between.

    One query tells whether it is the same; the policies keep what they looked up in a book they know.
    """
    (key,) = ask(_EDITION, {"moment": moment})
    if not key[0]:
        return ParameterBook.built_in()
    if key not in _books:
        if len(_books) >= _KEPT:
            _books.clear()
        _books[key] = parameter_book(moment)
    return _books[key]
