"""Filters and tags every template has without loading them."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from zhubao.language import Text
from zhubao.web import paging

register = template.Library()

# Tone of a tag: its colour never speaks alone, the words stand in it.
TONES = {"ok", "bad", "wait", "info", ""}


@register.filter
def yuan(fen: int | None) -> str:
    """Show fen as yuan with two digits and groups of three: 2764800 → "27,648.00"; "—" for an unknown amount."""
    if fen is None:
        return "—"
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02}"


register.filter("counted", paging.counted)


@register.filter
def said(text: Text) -> str:
    """Show a label of the pure packages in the page's language."""
    return text.in_("zh" if (get_language() or "zh").startswith("zh") else "en")


@register.simple_tag
def tag(words: object, tone: str = "") -> SafeString:
    """Draw a small rounded label; `tone` is ok, bad, wait, info or nothing."""
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"unknown tone {tone!r}")
    return format_html('<span class="tag {}">{}</span>', tone, words)


@register.simple_tag(takes_context=True)
def page_address(context: template.Context, number: int) -> str:
    """Return this page's address with another page number, keeping filters."""
    asked: QueryDict = context["request"].GET.copy()
    asked["page"] = str(number)
    return f"?{asked.urlencode()}"


@register.filter
def query(parts: dict[str, Any]) -> str:
    """Return a query string of the parts that are not empty."""
    return urlencode({key: value for key, value in parts.items() if value not in (None, "")})
