"""How the public pages say months, amounts, durations and the pure packages' labels."""

from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from zhubao.errors import ZhubaoError
from zhubao.language import Language, Text
from zhubao.web.templatetags.zhubao import yuan

PAYERS = {
    "civil_affairs": gettext_lazy("the civil affairs bureau"),
    "rural_revitalisation": gettext_lazy("the rural affairs bureau"),
    "federation": gettext_lazy("the disabled persons' federation"),
    "finance": gettext_lazy("the finance bureau"),
}
VERDICTS = {
    "met": (gettext_lazy("met"), "ok"),
    "not_met": (gettext_lazy("not met"), "bad"),
    "evidence_missing": (gettext_lazy("evidence missing"), "wait"),
    "to_be_decided": (gettext_lazy("to be decided"), "info"),
}


def language() -> Language:
    """Return the page's language as the pure packages name it."""
    return "zh" if (get_language() or "zh").startswith("zh") else "en"


def said(text: Text) -> str:
    """Return a label of the pure packages in the page's language."""
    return text.in_(language())


def explained(error: ZhubaoError) -> str:
    """Return what an error says and what to do, without its code and key."""
    words = said(error.problem)
    return f"{words}{Text('；', '; ').in_(language())}{said(error.remedy)}" if error.remedy else words


def yuan_said(fen: int | None) -> str:
    """Return an amount with its unit: 612.40 元."""
    return gettext("%(amount)s yuan") % {"amount": yuan(fen)}


def yuan_short(fen: int) -> str:
    """Return an amount without empty decimals: 1,000 元."""
    return gettext("%(amount)s yuan") % {"amount": yuan(fen).removesuffix(".00")}


def month_said(number: int | None) -> str:
    """Return a month (year × 12 + month) as people say it: 2033 年 7 月."""
    if number is None:
        return "—"
    year, month = divmod(number - 1, 12)
    return f"{year} 年 {month + 1} 月" if language() == "zh" else f"{year}-{month + 1:02}"


def span_said(months: int) -> str:
    """Return a duration in years and months: 4 年 2 个月."""
    years, rest = divmod(months, 12)
    parts = [ngettext("%(count)s year", "%(count)s years", years) % {"count": years}] if years else []
    if rest or not years:
        parts.append(ngettext("%(count)s month", "%(count)s months", rest) % {"count": rest})
    return " ".join(parts)


def months_said(months: int | None) -> str:
    """Return a count of months: 180 个月."""
    return "—" if months is None else ngettext("%(count)s month", "%(count)s months", months) % {"count": months}


def rate_said(ppm: int) -> str:
    """Return a yearly rate: 4.90%."""
    whole, rest = divmod(ppm, 10_000)
    return f"{whole}.{f'{rest:04d}'.rstrip('0').ljust(2, '0')}%"
