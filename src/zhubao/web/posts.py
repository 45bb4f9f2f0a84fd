"""Who may open a page: the decorator every view of staff carries."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from zhubao.access.actors import OutOfScope
from zhubao.language import Text

from .middleware import PostRequest

Parameters = ParamSpec("Parameters")
View = Callable[Concatenate[PostRequest, Parameters], HttpResponseBase]


def for_posts(*roles: str) -> Callable[[View[Parameters]], Callable[..., HttpResponseBase]]:
    """Open a view to posts with one of these roles (to every post when none is named).

    Nobody signed in: to the sign-in page and back. A password given by somebody else: to the page that changes it. Several posts
    and none chosen: to the choice. Another post: the page 403.
    The view receives a `PostRequest`: `request.post`, `request.actor`.
    """

    def decorate(view: View[Parameters]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if request.user.must_change_password:
                return redirect("change-password")
            if getattr(request, "post", None) is None:
                return redirect("choose-post")
            acting = cast("PostRequest", request)
            if roles and acting.actor.role not in roles:
                raise OutOfScope(acting.actor.role, Text("本岗位不办理此事", "this post does not do this"))
            return view(acting, *arguments, **named)

        return guarded

    return decorate
