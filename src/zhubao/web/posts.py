"""Who may open a page: the decorators that every view of staff and of citizens carries."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from zhubao.access import clock
from zhubao.access.actors import OutOfScope
from zhubao.language import Text

from .middleware import CitizenRequest, PostRequest

Parameters = ParamSpec("Parameters")
View = Callable[Concatenate[PostRequest, Parameters], HttpResponseBase]
CitizenView = Callable[Concatenate[CitizenRequest, Parameters], HttpResponseBase]


def for_posts(*roles: str) -> Callable[[View[Parameters]], Callable[..., HttpResponseBase]]:
    """Open a view to posts with one of these roles (to every post when none is named).

    Nobody signed in: to the sign-in page and back. A password given by somebody else: to the page that changes it. Several posts
    and none chosen: to the choice. Another post, or a citizen: the page 403.
    The view receives a `PostRequest`: `request.post`, `request.actor`.
    """

    def decorate(view: View[Parameters]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if request.user.must_change_password:
                return redirect("change-password")
            if getattr(request, "person", None) is not None:
                raise _not_done_here()
            if getattr(request, "post", None) is None:
                return redirect("choose-post")
            acting = cast("PostRequest", request)
            if roles and acting.actor.role not in roles:
                raise OutOfScope(acting.actor.role, Text("本岗位不办理此事", "this post does not do this"))
            return view(acting, *arguments, **named)

        return guarded

    return decorate


def for_citizens(view: CitizenView[Parameters]) -> Callable[..., HttpResponseBase]:
    """Open a view to citizens in their own affairs, whose `CitizenRequest` has `person`, `actor` and `now`.

    Nobody signed in: to the sign-in page and back. Somebody with posts and an account who has not chosen: to the choice. A post:
    the page 403.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if request.user.must_change_password:
            return redirect("change-password")
        if getattr(request, "person", None) is None:
            if getattr(request, "actor", None) is None:
                return redirect("choose-post")
            raise OutOfScope("citizen", Text("这里只办本人的事", "these pages are for citizens in their own affairs"))
        acting = cast("CitizenRequest", request)
        acting.now = clock.now()
        return view(acting, *arguments, **named)

    return guarded


def _not_done_here() -> OutOfScope:
    return OutOfScope("citizen", Text("这是工作人员的页面", "this page is for staff"))
