"""Signing in, choosing a post, signing out."""

from typing import Any

from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.models import User
from zhubao.workflow import CITIZEN

from .middleware import POST_KEY


class SignInForm(AuthenticationForm):
    """User name and password."""

    error_messages = {  # noqa: RUF012 - Django's own attribute
        "invalid_login": _("The user name and the password do not go together. Check both; capitals count."),
        "inactive": _("This account has been closed. Ask your administrator."),
    }

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["username"].label = _("User name")
        self.fields["password"].label = _("Password")


class SignIn(views.LoginView):
    """The sign-in page."""

    template_name = "web/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Open the session and write who did into the audit chain."""
        response = super().form_valid(form)
        user = form.get_user()
        assert isinstance(user, User)
        actor = Actor(name=user.name, scope="", user_id=user.pk)
        place = user.region_id or ""
        record("session.opened", f"user:{user.username}", actor=actor, now=clock.now(), region_code=place)
        return response


class SignOut(views.LogoutView):
    """Signing out: only by a button, so that no link or picture elsewhere can do it."""

    http_method_names = ["post"]  # noqa: RUF012 - Django's own attribute


@require_http_methods(["GET", "POST"])
def choose_post(request: HttpRequest) -> HttpResponseBase:
    """Let somebody with several posts, or with a post and affairs of their own, say as whom they act now."""
    if not request.user.is_authenticated:
        return redirect("sign-in")
    posts = request.posts  # type: ignore[attr-defined]
    account = request.account  # type: ignore[attr-defined]
    if request.method == "POST":
        if account is not None and request.POST.get("post") == CITIZEN:
            request.session[POST_KEY] = CITIZEN
            return redirect("home")
        chosen = next((post for post in posts if str(post.pk) == request.POST.get("post")), None)
        if chosen:
            request.session[POST_KEY] = chosen.pk
            return redirect("home")
    return render(request, "web/choose_post.html", {"choices": posts, "account": account})


def locked_out(request: HttpRequest, *_response: Any, **_named: Any) -> HttpResponse:
    """Answer somebody who guessed too often."""
    return render(request, "web/locked_out.html", status=429)
