"""The page to take home: the case on one sheet of A4, always in Chinese, with the amounts in words."""

from collections.abc import Iterator

from django.utils import translation

from zhubao.documents.leaflet import BigFigure, Leaflet, TierOption, WordedAmount
from zhubao.lending.forecast_figures import marks_json

from .book import FigureUsed
from .forms import LoanForm
from .loans import Answer, Option, big_figures
from .programmes import LoanPage
from .series import debt_chart, pension_chart
from .words import month_said, yuan_said

# One page holds the charts, the amounts and so many lines.
MOST_DOUBTS = 4
CONCLUSIONS = {"yes": "还得起", "no": "还不起", "short": "缴费年限不够", "missing": "还算不出", "nothing": "不用借"}


def leaflet_of(page: LoanPage, form: LoanForm, found: Answer, address: str) -> Leaflet | None:
    """Return the sheet, the same for the same case; None where there is no loan to print."""
    if not found.drawable:
        return None
    with translation.override("zh-hans"):
        pension, debt = pension_chart(found.found, "zh"), debt_chart(found.found, "zh")
        figures = big_figures(found.found, found.state)
        if pension is None or debt is None or len(figures) != 3:
            return None
        first, second, third = (BigFigure(one.label, one.figure, one.below) for one in figures)
        forecast = found.found
        amounts = [
            ("一共借", forecast.principal_fen),
            ("自己一共付", forecast.total_cost_fen),
            ("其中自己付的利息", forecast.borrower_interest_fen),
        ]
        if forecast.government_fen:
            amounts.append(("政府贴的利息", forecast.government_fen))
        return Leaflet(
            date=form.cleaned_data["on"],
            programme=page.title.zh,
            answers=(*answers(page, form), ("结论", CONCLUSIONS[found.state])),
            figures=(first, second, third),
            pension=pension,
            debt=debt,
            amounts=tuple(WordedAmount(label, fen) for label, fen in amounts if fen is not None),
            uncertain=doubts(found),
            address=address,
            options=tuple(options_on_paper(form, found)),
        )


def options_on_paper(form: LoanForm, found: Answer) -> Iterator[TierOption]:
    """Yield the two tiers side by side, worded anew in Chinese: the answer may have been reckoned on an English page."""
    if not found.options:
        return
    own, loan = found.options
    yield TierOption(f"每年 {form.cleaned_data['own_fen'] // 100} 元，自己缴", *_monthly(own), "")
    yield TierOption(f"每年 {form.cleaned_data['yearly']} 元，贷款缴", *_monthly(loan), month_said(found.found.last_month))


def _monthly(one: Option) -> tuple[int, int, int]:
    return one.pension_fen, one.instalment_fen, one.left_fen


def answers(page: LoanPage, form: LoanForm) -> tuple[tuple[str, str], ...]:
    """Return what was typed, in Chinese; neither a name nor a number of a person is ever asked."""
    values = form.cleaned_data
    paid = f"{values.get('paid_years') or 0} 年 {values.get('paid_months') or 0} 个月"
    rows = [("出生年月", values["birth"]), ("已缴费", paid)]
    if not page.resident:
        names = {"female55": "女，原 55 岁", "female50": "女，原 50 岁", "male60": "男，原 60 岁"}
        rows.insert(1, ("参保身份", names[values["category"]]))
    else:
        rows.append(("每年贷款缴费", f"{values['yearly']} 元"))
    if page.asks_hardship:
        rows.append(("困难助保对象", "是" if values["hardship"] == "yes" else "否"))
    if values.get("account") is not None:
        rows.append(("个人账户", yuan_said(values["account"])))
    return tuple(rows)


def doubts(found: Answer) -> tuple[str, ...]:
    """Return what is not certain, the weightiest first, as much as one page holds."""
    told = marks_json(found.found.figures.marks, "zh")
    lines = ["含演示参数，非官方，只供试算。"] if found.made_up else []
    lines += [f"{named(figure)}未经核实。" for figure in found.figures if figure.entry is not None and figure.entry.unverified]
    lines += found.estimates
    lines += [f"{row['default']}（由{row['decider']}确定）" for row in told["provisional"]]
    more = len(lines) - MOST_DOUBTS
    return tuple(lines if more <= 0 else [*lines[:MOST_DOUBTS], f"另有 {more} 项按惯例测算，网页上逐项列出。"])


def named(figure: FigureUsed) -> str:
    """Return the Chinese label of a figure."""
    return figure.label.zh
