"""Pages that say no: each names the thing and what to do."""

import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils import translation

from zhubao.access import clock
from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.access.roles import BANK_ROLES
from zhubao.policies.claims import implements

log = logging.getLogger(__name__)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403; what a signed-in person tried outside their scope goes into the audit chain."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor and isinstance(exception, OutOfScope):
        _keep(f"page:{request.path}", exception, actor)
    words = (
        exception.problem.in_("zh" if (translation.get_language() or "").startswith("zh") else "en")
        if isinstance(exception, OutOfScope)
        else ""
    )
    return render(request, "web/refusal_403.html", {"words": words}, status=403)


@implements("jx-5.1g", "tl-5.2c", as_="feature")
def not_theirs(subject: str, refusal: OutOfScope, actor: Actor) -> Exception:
    """Return what to raise when a post asks for somebody's case or loan that is not its own.

    A bank is not told whether another bank has such a customer: it gets Http404, and the attempt is kept. Everybody else is refused.
    """
    if actor.role not in BANK_ROLES:
        return refusal
    _keep(subject, refusal, actor)
    return Http404(subject)


def _keep(subject: str, refusal: OutOfScope, actor: Actor) -> None:
    reason = refusal.message("zh")
    record("access.refused", subject[:80], actor=actor, now=clock.now(), region_code=actor.scope, reason=reason)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404."""
    return render(request, "web/refusal_404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer 500 without touching the database, which may be what broke."""
    return HttpResponse(loader.get_template("web/refusal_500.html").render({}), status=500)


def form_expired(request: HttpRequest, **_reason: Any) -> HttpResponse:
    """Answer a form whose token is not ours: usually a page left open over night."""
    return render(request, "web/refusal_expired.html", status=403)
