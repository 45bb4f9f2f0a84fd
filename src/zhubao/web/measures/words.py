"""How measures and figures are worded on their pages."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.access.roles import OrganisationKind
from zhubao.documents.amounts import amount_in_yuan
from zhubao.oversight.measures.course import MEASURE
from zhubao.oversight.measures.indicators import share_ppm
from zhubao.web.clerk.words import said

TONES = {"planned": "info", "active": "ok", "overdue": "bad", "waiting_superior": "wait", "closed": "ok"}
UNITS: dict[str, Any] = {
    "persons": pgettext_lazy("unit", "persons"),
    "count": _("items"),
    "fen": _("yuan"),
    "ppm": "%",
    "hours": _("hours"),
    "points": _("points"),
    "days": _("days"),
}
RISKS: dict[str, Any] = {
    "age": _("Against falling back into poverty through old age"),
    "injury": _("Against falling back into poverty through injury at work"),
    "unemployment": _("Against falling back into poverty through unemployment"),
    "": _("Other figures"),
}


def state_said(state: str) -> tuple[str, str]:
    """Return a state in words with the tone of its tag."""
    return said(MEASURE.state(state).label), TONES[state]


def kind_said(kind: str) -> str:
    """Return a kind of unit in words."""
    return str(OrganisationKind(kind).label)


def figure_said(numerator: int | None, denominator: int | None, unit: str) -> str:
    """Return a figure as a page shows it: yuan, a share cut off at two decimals, a count; "" where there is none."""
    if numerator is None:
        return ""
    if unit == "ppm":
        share = share_ppm(numerator, denominator)
        return "—" if share is None else f"{share // 10_000}.{share // 100 % 100:02}%"
    return amount_in_yuan(numerator) if unit == "fen" else f"{numerator:,}"


def behind(numerator: int | None, denominator: int | None, unit: str) -> str:
    """Return what a share is made of, "" for anything else."""
    if unit != "ppm" or numerator is None or not denominator:
        return ""
    return f"{numerator:,} / {denominator:,}"
