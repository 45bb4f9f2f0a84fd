"""How a citizen's page gets its case, what comes with every form, and how an error is told without a code."""

import re
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from zhubao.access.actors import OutOfScope
from zhubao.access.audit import record
from zhubao.cases.models import Case
from zhubao.cases.selectors import case_for
from zhubao.cases.states import process_of
from zhubao.cases.stepping import Request
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.web.calculator.words import explained
from zhubao.web.middleware import CitizenRequest
from zhubao.web.posts import for_citizens

Parameters = ParamSpec("Parameters")
View = Callable[Concatenate[CitizenRequest, Case, Parameters], HttpResponseBase]
_KEY = re.compile(r"[0-9a-f]{32}")


def own_case(view: View[Parameters]) -> Callable[..., HttpResponseBase]:
    """Open a view to the citizen whose case it is; the view receives the case itself.

    Any other number is answered 404, and the attempt stands in the audit chain. What an action refuses is told in plain words.
    """

    @for_citizens
    @wraps(view)
    def found(request: CitizenRequest, number: str, *arguments: Any, **named: Any) -> HttpResponseBase:
        case = case_or_404(request, number)
        try:
            return view(request, case, *arguments, **named)
        except OutOfScope:
            raise
        except ZhubaoError as error:
            return refused(request, case, error)

    return found


def case_or_404(request: CitizenRequest, number: str) -> Case:
    """Return the citizen's own case; for any other number keep the attempt and raise Http404."""
    try:
        return case_for(request.actor, number)
    except Case.DoesNotExist:
        record(
            "access.refused",
            f"page:{request.path}"[:80],
            actor=request.actor,
            now=request.now,
            region_code=request.actor.scope,
            reason=Text("不是本人的申请", "not one's own application").zh,
        )
        raise Http404 from None


def refused(request: CitizenRequest, case: Case, error: ZhubaoError) -> HttpResponse:
    """Tell what an action refused: a page of its own when the case has moved on, else a line above the case."""
    if error.code == "E-STATE":
        case.refresh_from_db()
        state = process_of(case.policy_id).state(case.state)
        return render(request, "citizen/too_late.html", {"case": case, "state": state}, status=409)
    messages.error(request, explained(error))
    return redirect("citizen:case", case.number)


def asked(request: CitizenRequest) -> Request:
    """Return what came with a form: the key that makes a second click harmless, and the number of steps the page had seen.

    A key belongs to its user; a form without one is answered as new, one without `seen` as out of date.
    """
    key, seen = request.POST.get("key", ""), request.POST.get("seen", "")
    own = key if _KEY.fullmatch(key) else uuid4().hex
    return Request(f"citizen-{request.actor.user_id}-{own}", int(seen) if seen.isascii() and seen.isdecimal() else -1)


def stamp(case: Case | None = None) -> dict[str, Any]:
    """Return what a template puts into every form: see `asked`."""
    return {"key": uuid4().hex, "seen": case.steps_taken if case else 0}


def require_seen(request: CitizenRequest, case: Case) -> None:
    """Raise E-STATE when a step was taken since the form was shown, as an action does for a step."""
    if asked(request).seen != case.steps_taken:
        raise ZhubaoError("E-STATE", Text("页面已过时", "the page is out of date"), place=case.number)


def today(request: CitizenRequest) -> date:
    """Return the day of a request in the county's own time."""
    return timezone.localdate(request.now)


def editable(case: Case) -> bool:
    """Tell whether the applicant still has the form."""
    return case.state in process_of(case.policy_id).transition("submit").start
