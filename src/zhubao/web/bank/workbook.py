"""The answers as a workbook: candidates, cells that could not be used, what everything rests on. And the empty template."""

from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

from zhubao.lending.forecast_policies import forecast_policy
from zhubao.parameters import Parameter
from zhubao.web.calculator.words import rate_said, said
from zhubao.web.templatetags.figures import figure_value

from .columns import COLUMNS
from .forecasts import Answers

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def headings() -> list[tuple[str, str, int]]:
    """Return (title, key of the row, width) of the columns of the result; a key that ends in _fen is money."""
    return [
        (_("Row"), "row", 6),
        (_("Candidate"), "name", 10),
        (_("Born in"), "birth", 10),
        (_("Can it be repaid?"), "words", 12),
        (_("Why"), "why", 40),
        (_("Largest that can be repaid (yuan)"), "largest_affordable_fen", 16),
        (_("Loan (yuan)"), "principal_fen", 13),
        (_("Months by loan"), "months_to_pay", 10),
        (_("First pension in"), "pension_month", 12),
        (_("Pension a month (yuan)"), "pension_fen", 14),
        (_("Deducted a month (yuan)"), "monthly_fen", 14),
        (_("Months of deduction"), "months", 10),
        (_("Paid off in"), "last_month", 12),
        (_("Paid in all (yuan)"), "total_cost_fen", 14),
        (_("Borrower's interest (yuan)"), "borrower_interest_fen", 14),
        (_("Interest borne by the government (yuan)"), "government_fen", 16),
        (_("Taken for granted"), "assumed", 24),
    ]


def result(found: Answers) -> bytes:
    """Return the workbook; text is always text, so that nothing in a name is ever a formula."""
    import xlsxwriter

    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_urls": False})
    book.set_properties({"created": datetime.combine(found.on, time(12), tzinfo=UTC).replace(tzinfo=None)})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    money = book.add_format({"num_format": "#,##0.00"})
    sheet = book.add_worksheet(_("Candidates"))
    sheet.freeze_panes(1, 2)
    borne = forecast_policy(found.page.id, found.on).subsidy != "none"
    columns = [each for each in headings() if borne or each[1] != "government_fen"]
    for at, (title, _key, width) in enumerate(columns):
        sheet.write_string(0, at, title, bold)
        sheet.set_column(at, at, width)
    for number, each in enumerate(found.judged, 1):
        values = {
            **each.row,
            "row": each.candidate.row,
            "name": each.candidate.values.get("name"),
            "birth": each.candidate.values["birth"],
            "words": each.words,
            "why": each.why,
            "assumed": each.assumed,
        }
        for at, (_title, key, _width) in enumerate(columns):
            value = values[key]
            if value is None:
                continue
            if isinstance(value, int):
                sheet.write_number(
                    number, at, value / 100 if key.endswith("_fen") else value, money if key.endswith("_fen") else None
                )
            else:
                sheet.write_string(number, at, str(value))
    sheet.autofilter(0, 0, max(1, len(found.judged)), len(columns) - 1)
    _write_rows(
        book,
        _("Not forecast"),
        [(_("Cell"), _("What stands there"), _("Why")), *((f.address, f.text, f.reason) for f in found.faults)],
    )
    _write_rows(book, _("What it rests on"), _basis(found))
    book.close()
    return stream.getvalue()


def _basis(found: Answers) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [
        (_("Item"), _("Value"), _("Where from")),
        (_("Policy"), said(found.page.title), found.page.id),
        (_("Calculated on"), found.on.isoformat(), ""),
    ]
    if found.terms.rate_ppm is not None:
        rows.append((_("The bank's rate a year"), rate_said(found.terms.rate_ppm), _("typed")))
    rows += [
        (
            said(figure.label),
            figure_value(figure.entry) if figure.entry else _("evidence missing"),
            where_from(figure.entry) if figure.entry else "",
        )
        for figure in found.figures
    ]
    rows += [(_("provisional"), row["default"], row["decider"]) for row in found.rests_on]
    return rows


def where_from(entry: Parameter) -> str:
    """Return the source of a figure; one that nobody has verified says so."""
    return f"{_('unverified')} · {entry.source}" if entry.unverified else entry.source


def _write_rows(book: Any, title: str, rows: list[tuple[str, ...]]) -> None:
    sheet = book.add_worksheet(title)
    bold = book.add_format({"bold": True})
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 2, 48)
    for number, row in enumerate(rows):
        for at, cell in enumerate(row):
            sheet.write_string(number, at, str(cell), None if number else bold)


def template() -> bytes:
    """Return the template: the header, a note on each column, two invented rows to write over."""
    import xlsxwriter

    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"created": datetime(2026, 1, 1, 12)})  # noqa: DTZ001 - a workbook's date has no zone
    sheet = book.add_worksheet("名单")
    sheet.freeze_panes(1, 0)
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    for at, column in enumerate(COLUMNS):
        sheet.set_column(at, at, 15, text)
        sheet.write_string(0, at, column.title, bold)
        sheet.write_comment(0, at, str(column.note))
        for row, sample in enumerate(column.sample, 1):
            sheet.write_string(row, at, sample, text)
    book.close()
    return stream.getvalue()
