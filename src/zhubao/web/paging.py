"""Pages of lists that may be long: counted up to a limit, so that no page waits for a count nobody reads."""

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

from zhubao.tasks.queues import COUNTED

if TYPE_CHECKING:
    AnyPaginator = Paginator[Any]
else:
    AnyPaginator = Paginator


class LongPaginator(AnyPaginator):
    """A paginator of a list of any length: its pages end after `COUNTED` rows, and `count_said` tells when there are more."""

    @cached_property
    def count(self) -> int:
        """Return how many rows there are to page through."""
        rows: Any = self.object_list
        return rows.order_by()[: COUNTED + 1].count() if isinstance(rows, QuerySet) else len(rows)

    @property
    def count_said(self) -> str:
        """Return the count as the page shows it."""
        return counted(self.count)


def counted(number: int) -> str:
    """Return a count that stops at `COUNTED`: 312 → "312", 10000 → "9999+"."""
    return str(number) if number <= COUNTED else f"{COUNTED}+"
