"""The lists that go with a file: the yearly amounts for the bank, the borrower roster. Printed from the file's own rows."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from zhubao.documents.deductions import DeductionList, DeductionRow, NetPensionList, NetPensionRow
from zhubao.documents.lists import BankRoster, PrintedList, RosterRow, YearlyAmount, YearlyAmountList
from zhubao.errors import ZhubaoError
from zhubao.exchange.models import Envelope
from zhubao.exchange.selectors import rows_of
from zhubao.language import Text
from zhubao.policies.claims import implements

PRINTED = ("draw_request", "borrower_roster", "deduction_order", "net_pension")


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
    if envelope.kind == "deduction_order":
        return _deductions(envelope, rows, made)
    if envelope.kind == "net_pension":
        return _net_pensions(envelope, rows, made)
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


@implements("jx-3.2a", "rg-14.1a", as_="feature")
def _deductions(envelope: Envelope, rows: Sequence[Any], made: date) -> DeductionList:
    return DeductionList(
        date=made,
        number=envelope.batch,
        office=envelope.sender.name,
        bank=envelope.receiver.name,
        deductions=tuple(
            DeductionRow(
                row.name,
                row.id_number,
                row.loan_number,
                f"尾号 {row.account_tail}" if row.account_tail else "",
                f"{row.month:%Y-%m}",
                row.pension_fen,
                row.credited_on,
                row.protected_fen,
                row.amount_fen,
            )
            for row in rows
        ),
    )


@implements("rg-14.1d", as_="feature")
def _net_pensions(envelope: Envelope, rows: Sequence[Any], made: date) -> NetPensionList:
    return NetPensionList(
        date=made,
        number=envelope.batch,
        office=envelope.sender.name,
        receiver=envelope.receiver.name,
        pensions=tuple(
            NetPensionRow(row.name, row.id_number, f"{row.month:%Y-%m}", row.gross_fen, row.deducted_fen, row.net_fen)
            for row in rows
        ),
    )
