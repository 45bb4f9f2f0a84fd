"""Filters and tags every template has without loading them."""

import datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import QueryDict
from django.template import defaultfilters
from django.template.base import Parser, Token
from django.templatetags.i18n import TranslateNode, do_translate
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
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


@register.filter(expects_localtime=True, is_safe=False)
def date(value: Any, style: str | None = None) -> Any:
    """Show a day or a moment as Django's filter of this name does, the two ways almost every page uses without its detours."""
    if isinstance(value, datetime.date):
        if style == "Y-m-d":
            return f"{value.year:04d}-{value.month:02d}-{value.day:02d}"
        if style == "Y-m-d H:i" and isinstance(value, datetime.datetime):
            return f"{value.year:04d}-{value.month:02d}-{value.day:02d} {value.hour:02d}:{value.minute:02d}"
    return defaultfilters.date(value, style)


class Words(template.Node):
    """Words that stand in a template: translated once in each language, not once a page."""

    child_nodelists = ()

    def __init__(self, node: TranslateNode) -> None:
        self.variable, node.asvar = node.asvar, None
        self.node = node
        self.known: dict[str | None, str] = {}

    def render(self, context: template.Context) -> str:
        """Write the words, or put them into the variable that was named."""
        language = get_language()
        words = self.known.get(language)
        if words is None:
            words = self.known[language] = self.node.render(context)
        if self.variable is None:
            return words
        context[self.variable] = words
        return ""


@register.tag
def translate(parser: Parser, token: Token) -> template.Node:
    """Translate as Django's tag of this name does; what the template itself says is looked up once."""
    node: Any = do_translate(parser, token)
    phrase, meant = node.filter_expression, node.message_context
    fixed = phrase.var.literal is not None and not phrase.filters and (meant is None or not meant.is_var)
    return Words(node) if fixed else node


register.filter("counted", paging.counted)


@register.filter
def said(text: Text) -> str:
    """Show a label of the pure packages in the page's language."""
    return text.in_("zh" if (get_language() or "zh").startswith("zh") else "en")


@register.simple_tag
def tag(words: Any, tone: str = "") -> SafeString:
    """Draw a small rounded label; `tone` is ok, bad, wait, info or nothing."""
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"unknown tone {tone!r}")
    return mark_safe(f'<span class="tag {tone}">{conditional_escape(words)}</span>')


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
