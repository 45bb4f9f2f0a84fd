"""Filters for dated figures: the value as a clerk reads it, how sure it is, its period."""

from datetime import date

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from zhubao.language import Text
from zhubao.parameters import NATION, Parameter
from zhubao.parameters.book import note_words
from zhubao.parameters.names import SETTING_PREFIX
from zhubao.programmes.selectors import EXTENSION
from zhubao.web.parameters.words import WORDS

from .zhubao import said, tag, yuan

register = template.Library()

TIMES = frozenset({"annual_cap_factor"})
CONFIDENCES = {
    "A": (Text("多处来源一致", "two sources agree"), ""),
    "B": (Text("一处来源", "one source"), ""),
    "C": (Text("未经核实", "unverified"), "wait"),
    "D": (Text("由已核实数值算出", "computed from verified values"), ""),
    "local": (Text("本地录入", "entered locally"), "ok"),
}


@register.filter
def figure_value(entry: Parameter) -> str:
    """Show the value of an entry in the unit people say: 864.00 元, 3.5%, 1.5 倍, 8 年, or the meaning of a setting's word."""
    return shown(entry.name, entry.value, entry.unit)


@register.filter
def default_value(figure: object) -> str:
    """Show the figure of the document's own text, an object with `name`, `default` and `unit`."""
    return shown(getattr(figure, "name", ""), getattr(figure, "default", ""), getattr(figure, "unit", ""))


@register.filter
def word(value: str) -> str:
    """Show the word of a setting by its meaning; a word without one as it is."""
    return said(WORDS[value]) if value in WORDS else value


def shown(name: str, value: int | str, unit: str) -> str:
    """Return a value with its unit in the page's language."""
    if not isinstance(value, int):
        return word(value) if name.startswith(SETTING_PREFIX) and name != EXTENSION else value
    if unit == "fen":
        return f"{yuan(value)} {said(Text('元', 'yuan'))}"
    if unit == "ppm":
        times = name in TIMES
        number = decimal(value, 1_000_000 if times else 10_000)
        return f"{number} {said(Text('倍', 'times'))}" if times else f"{number}%"
    words = {"years": Text("年", "years"), "months": Text("个月", "months")}
    return f"{value} {said(words[unit])}" if unit in words else str(value)


def decimal(value: int, one: int) -> str:
    """Return value / one without needless zeros: 35000 over 10000 → "3.5"."""
    whole, rest = divmod(value, one)
    digits = str(rest).rjust(len(str(one)) - 1, "0").rstrip("0")
    return f"{whole}.{digits}" if digits else str(whole)


@register.simple_tag
def figure_amount(name: str, value: int, unit: str) -> str:
    """Show a bare value of a name with its unit: the limit of a clause."""
    return shown(name, value, unit)


@register.simple_tag
def holds_on(entry: Parameter, on: date) -> bool:
    """Tell whether a day lies in the period of an entry."""
    return entry.holds_on(on)


@register.simple_tag
def confidence(entry: Parameter) -> SafeString:
    """Draw how sure an entry is, in words; what nobody has checked stands out."""
    words, tone = CONFIDENCES[entry.confidence]
    return tag(said(words), tone)


@register.filter
def source(words: str) -> SafeString:
    """Show a source with its addresses as links; documents and addresses stand side by side, parted by ；."""
    parts = [part.strip() for part in words.split("；")]
    shown_parts = [
        format_html('<a href="{}" rel="noreferrer">{}</a>', part, part.split("/")[2]) if part.startswith("https://") else part
        for part in parts
    ]
    return format_html_join("；", "{}", ((part,) for part in shown_parts))


@register.filter
def note(words: str) -> str:
    """Show the note of an entry in the page's language."""
    return said(note_words(words))


@register.filter
def period(entry: Parameter) -> str:
    """Show the days of an entry, both included; an open end stays open."""
    first = "…" if entry.effective_from == date.min else entry.effective_from.isoformat()
    open_end = Text("起", " on").in_("zh" if (get_language() or "zh").startswith("zh") else "en")
    return f"{first} – {entry.effective_to.isoformat()}" if entry.effective_to else f"{first}{open_end}"


@register.filter
def area_name(area_code: str, places: dict[str, str]) -> str:
    """Show an area by the name it has among `places`; the code where it has none there."""
    nation = said(Text("全国", "the country"))
    return nation if area_code == NATION else places.get(area_code, area_code)
