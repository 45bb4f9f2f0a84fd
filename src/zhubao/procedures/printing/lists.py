"""The lists that go with a file: the yearly amounts for the bank, the borrower roster. Printed from the file's own rows."""

from datetime import datetime

from django.utils import timezone

from zhubao.documents.lists import BankRoster, PrintedList, RosterRow, YearlyAmount, YearlyAmountList
from zhubao.errors import ZhubaoError
from zhubao.exchange.models import Envelope
from zhubao.exchange.selectors import rows_of
from zhubao.language import Text
from zhubao.policies.claims import implements

PRINTED = ("draw_request", "borrower_roster")


@implements("rg-12.3a", "jx-annex-4a", as_="feature")
def printed_list(envelope: Envelope, *, now: datetime) -> PrintedList:
    """Return the list of a file as paper; E-PAPER-NONE for a kind that is not printed."""
    made = timezone.localdate(envelope.made_at or envelope.received_at or now)
    if envelope.kind not in PRINTED:
        raise ZhubaoError(
            "E-PAPER-NONE", Text("这类文件没有纸质清单", "this kind of file has no list on paper"), place=str(envelope)
        )
    rows = rows_of(envelope, today=timezone.localdate(now))
    if envelope.kind == "draw_request":
        return YearlyAmountList(
            date=made,
            number=envelope.batch,
            office=envelope.sender.name,
            year=rows[0].year,
            bank=envelope.receiver.name,
            amounts=tuple(
                YearlyAmount(
                    row.name,
                    row.id_number,
                    row.year,
                    row.months,
                    row.base_fen,
                    row.tier,
                    row.amount_fen,
                    f"尾号 {row.account_tail}" if row.account_tail else "基金收入户",
                )
                for row in rows
            ),
        )
    return BankRoster(
        date=made,
        number=envelope.batch,
        office=envelope.sender.name,
        bank=envelope.sender.name,
        period=f"送：{envelope.receiver.name}",
        borrowers=tuple(
            RosterRow(
                row.name,
                row.id_number,
                row.amount_fen,
                row.rate_ppm,
                row.term_months,
                row.loan_number,
                row.drawn_on,
                row.category,
            )
            for row in rows
        ),
    )
