"""The parameter book of a moment, read from the database once while nothing in it changes."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q

from zhubao.parameters import ParameterBook
from zhubao.programmes.models import LocalFigure
from zhubao.programmes.selectors import parameter_book

_KEPT = 16
_books: dict[tuple[Any, ...], ParameterBook] = {}


def book_at(moment: datetime) -> ParameterBook:
    """Return the book a decision at `moment` is judged with: the same object as long as no figure was entered or withdrawn between.

    One query tells whether it is the same; the policies keep what they looked up in a book they know.
    """
    entered, withdrawn = Q(entered_at__lte=moment), Q(withdrawn_at__lte=moment)
    edition = LocalFigure.objects.aggregate(
        entered=Count("pk", filter=entered),
        last=Max("pk", filter=entered),
        withdrawn=Count("pk", filter=withdrawn),
        when=Max("withdrawn_at", filter=withdrawn),
    )
    if not edition["entered"]:
        return ParameterBook.built_in()
    key = tuple(edition.values())
    if key not in _books:
        if len(_books) >= _KEPT:
            _books.clear()
        _books[key] = parameter_book(moment)
    return _books[key]
