"""Whether the books of loans are what their events come to."""

from collections.abc import Iterator

from zhubao.errors import ZhubaoError

from .books import missing_lines, standing_of
from .models import Loan
from .replaying import records_of

CHUNK = 500


def books_beside_replay(region_code: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield the number of every loan of a region, and what its books lack or have too much of, a line in words each.

    The life is replayed up to the last day anything was posted for or a month-end closed; what happened after it is not due yet.
    """
    loans = Loan.objects.filter(region_code__startswith=region_code).select_related("bank", "person").order_by("pk")
    last = 0
    while chunk := list(loans.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1].pk
        records, standing = records_of(chunk), standing_of(chunk)
        for loan in chunk:
            known, here = records[loan.pk], standing[loan.subject]
            try:
                lines = missing_lines(loan, known, here, max([here.until, *known.month_ends]))
            except ZhubaoError as error:
                yield loan.number, [error.message("zh")]
                continue
            yield loan.number, [f"{line.on} {line.kind} {line.debit}/{line.credit} {line.amount_fen}" for line in lines]
