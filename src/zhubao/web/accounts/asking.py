"""A year as it is typed, and beginning a run of it."""

from collections.abc import Callable

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from zhubao.accounts.models import InterestRun, SubsidyRun
from zhubao.web.attempts import Attempt
from zhubao.web.middleware import PostRequest


def year_in(typed: str) -> int | None:
    """Return the year of four digits somebody typed; None for anything else."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) == 4 else None


def begun(
    request: PostRequest,
    begin: Callable[[int], InterestRun | SubsidyRun],
    *,
    page: str,
    refused: Callable[[str], HttpResponseBase],
) -> HttpResponseBase:
    """Begin a run of the posted year and lead to its page; `refused` answers with why it could not be begun."""
    year = year_in(request.POST.get("year", ""))
    if year is None:
        return refused(_("Write the year as 2026."))
    with Attempt() as attempt:
        run = begin(year)
        return redirect(page, run.pk)
    return refused(attempt.fault)
