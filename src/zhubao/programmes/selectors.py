"""What the core is judged with: the built-in tables with a county's own figures laid over them."""

from datetime import datetime

from zhubao.parameters import ParameterBook

from .models import LocalFigure, LocalFigureQuerySet


def parameter_book(known_at: datetime | None = None) -> ParameterBook:
    """Return the book in force now, or the one a decision at `known_at` was judged with."""
    figures = LocalFigure.objects.standing() if known_at is None else LocalFigure.objects.known_at(known_at)
    return ParameterBook.built_in().over(figure.as_parameter() for figure in figures)


def figures_of(area_prefix: str) -> LocalFigureQuerySet:
    """Return the standing figures of an area and everything inside it ("" for all)."""
    return LocalFigure.objects.standing().filter(area_code__startswith=area_prefix).select_related("entered_by")
