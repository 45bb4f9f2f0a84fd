"""Filters of the public calculators and the bank's sheet."""

import re
from typing import Any

from django import forms, template
from django.utils.safestring import SafeString, mark_safe

from zhubao.policies.register import clauses
from zhubao.web.calculator.forms import suffix_of

register = template.Library()


@register.filter
def suffix(field: forms.Field) -> Any:
    """Return what stands behind a field: the unit of what is typed."""
    return suffix_of(field)


@register.filter
def article(clause_id: str, policy_id: str) -> str:
    """Return the article of a clause as the document numbers it."""
    return next((clause.article for clause in clauses(policy_id) if clause.id == clause_id), clause_id)


@register.filter
def one_image(svg: str) -> SafeString:
    """Return a drawn chart as a single image to a screen reader: the drawing library names every group inside as one more."""
    head, bracket, rest = svg.partition("<g ")
    quiet = re.sub(r' (?:role="graphics-[a-z]+"|aria-roledescription="[^"]*")', "", rest)
    return mark_safe(head + bracket + quiet)
