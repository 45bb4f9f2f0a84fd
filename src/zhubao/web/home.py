"""The page a post starts from, and the two switches every page has."""

from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from .context import TYPE_SIZE_COOKIE
from .middleware import PostRequest
from .navigation import entries_for
from .posts import for_posts

YEAR_SECONDS = int(timedelta(days=365).total_seconds())


@require_GET
def home(request: HttpRequest) -> HttpResponseBase:
    """Lead citizens to their own affairs and posts to what waits for them."""
    return redirect("citizen:start") if getattr(request, "person", None) is not None else waiting_room(request)


@for_posts()
def waiting_room(request: PostRequest) -> HttpResponseBase:
    """Show what waits for this post, then everything it can open."""
    rows = [(entry, entry.waiting(request.actor) if entry.waiting else None) for entry in entries_for(request.actor)]
    return render(request, "web/home.html", {"rows": rows, "waiting": [row for row in rows if row[1] is not None]})


@require_POST
def choose_language(request: HttpRequest) -> HttpResponseBase:
    """Keep the language asked for in a cookie and return to the page."""
    asked = request.POST.get("language", "")
    response = redirect(came_from(request))
    if asked in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, asked, max_age=YEAR_SECONDS, samesite="Lax", secure=settings.LANGUAGE_COOKIE_SECURE
        )
    return response


@require_POST
def choose_type_size(request: HttpRequest) -> HttpResponseBase:
    """Keep large or normal type in a cookie and return to the page."""
    response = redirect(came_from(request))
    size = "large" if request.POST.get("size") == "large" else "normal"
    response.set_cookie(TYPE_SIZE_COOKIE, size, max_age=YEAR_SECONDS, samesite="Lax", secure=settings.LANGUAGE_COOKIE_SECURE)
    return response


@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Answer whoever watches the service: 200 when the database answers too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


def came_from(request: HttpRequest) -> str:
    """Return the page named by the form's `next`, if it is one of ours, else the home page."""
    there = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(there, allowed_hosts=None, require_https=request.is_secure())
    return there if ours else "/"
