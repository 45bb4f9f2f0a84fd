"""Filters of the citizen's pages."""

from datetime import date, datetime

from django import template
from django.utils import timezone

from zhubao.web.citizen.words import day_said

register = template.Library()


@register.filter
def day(value: date) -> str:
    """Return a day as people say it."""
    return day_said(value)


@register.filter
def moment(value: datetime) -> str:
    """Return the day of a moment as people say it."""
    return day_said(timezone.localdate(value))
