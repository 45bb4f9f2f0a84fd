"""One A4 page of the public calculator, to take home: three figures, two charts, amounts in words, what is not certain."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from .amounts import amount_in_words, amount_in_yuan
from .charts import Chart
from .typesetting import Printable, PrintedForm


class BigFigure(NamedTuple):
    """One of the three figures: what it is, the figure as said, and the line below it."""

    label: str
    figure: str
    below: str


class WordedAmount(NamedTuple):
    """An amount that is also written in words."""

    label: str
    fen: int


class TierOption(NamedTuple):
    """One of two tiers side by side: monthly pension, what the loan takes of it and what is left, fen; when the loan is paid off."""

    label: str
    pension_fen: int
    instalment_fen: int
    left_fen: int
    until: str


@dataclass(frozen=True, kw_only=True)
class Leaflet(PrintedForm):
    """The page. `answers` are what the person entered (label, value); the charts come from zhubao.documents.charts."""

    template: ClassVar[str] = "leaflet.typ"
    kind: ClassVar[str] = "助保贷款测算单"
    version: ClassVar[str] = "1"

    programme: str
    answers: tuple[tuple[str, str], ...]
    figures: tuple[BigFigure, BigFigure, BigFigure]
    pension: Chart
    debt: Chart
    amounts: tuple[WordedAmount, ...]
    uncertain: tuple[str, ...]
    address: str
    options: tuple[TierOption, ...] = ()
    office: str = ""
    phone: str = ""

    def content(self) -> dict[str, Printable]:
        """Return everything on the page, charts as SVG text."""
        return {
            "title": "贷款缴费测算单",
            "programme": self.programme,
            "answers": [{"label": label, "value": value} for label, value in self.answers],
            "figures": [{"label": one.label, "figure": one.figure, "below": one.below} for one in self.figures],
            "charts": [
                {"title": chart.title, "svg": chart.svg, "words": chart.description} for chart in (self.pension, self.debt)
            ],
            "amounts": [
                {"label": one.label, "yuan": amount_in_yuan(one.fen), "words": amount_in_words(one.fen)} for one in self.amounts
            ],
            "options": [
                {
                    "label": one.label,
                    "pension": amount_in_yuan(one.pension_fen),
                    "instalment": amount_in_yuan(one.instalment_fen),
                    "left": amount_in_yuan(one.left_fen),
                    "until": one.until or "—",
                }
                for one in self.options
            ],
            "uncertain": list(self.uncertain),
            "address": self.address,
            "office": self.office,
            "phone": self.phone,
        }
