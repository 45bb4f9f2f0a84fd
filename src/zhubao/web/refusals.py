"""Pages that say no: each names the thing and what to do."""

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils import timezone, translation

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record

log = logging.getLogger(__name__)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403; what a signed-in person tried outside their scope goes into the audit chain."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor and isinstance(exception, OutOfScope):
        record(
            "access.refused",
            f"page:{request.path}"[:80],
            actor=actor,
            now=timezone.now(),
            region_code=actor.scope,
            reason=exception.message("zh"),
        )
    words = (
        exception.problem.in_("zh" if (translation.get_language() or "").startswith("zh") else "en")
        if isinstance(exception, OutOfScope)
        else ""
    )
    return render(request, "web/refusal_403.html", {"words": words}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404."""
    return render(request, "web/refusal_404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer 500 without touching the database, which may be what broke."""
    return HttpResponse(loader.get_template("web/refusal_500.html").render({}), status=500)


def form_expired(request: HttpRequest, **_reason: Any) -> HttpResponse:
    """Answer a form whose token is not ours: usually a page left open over night."""
    return render(request, "web/refusal_expired.html", status=403)
