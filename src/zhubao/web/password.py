"""The page on which everybody changes their own password."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from zhubao.access import clock
from zhubao.access.accounts import change_own_password, password_faults
from zhubao.access.actors import Actor
from zhubao.access.models import User
from zhubao.errors import ZhubaoError

from .templatetags.zhubao import said


class PasswordForm(forms.Form):
    """The present password, and the new one twice."""

    old = forms.CharField(
        label=_("Present password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least ten signs, not all digits, and none of the passwords everybody uses."),
    )
    again = forms.CharField(
        label=_("New password once more"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, user: User, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.user = user

    def clean_new(self) -> str:
        """Refuse a new password that is easy to guess, with every reason."""
        new: str = self.cleaned_data["new"]
        faults = password_faults(new, self.user)
        if faults:
            raise ValidationError([said(fault) for fault in faults])
        return new

    def clean(self) -> None:
        """Refuse two new passwords that differ."""
        if "new" in self.cleaned_data and self.cleaned_data.get("again") != self.cleaned_data["new"]:
            self.add_error("again", _("The two new passwords differ."))


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest) -> HttpResponseBase:
    """Change one's own password; this session stays, the others of this person end."""
    if not request.user.is_authenticated:
        return redirect("sign-in")
    user = request.user
    assert isinstance(user, User)
    form = PasswordForm(user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actor: Actor = getattr(request, "actor", None) or Actor(name=user.name, scope="", user_id=user.pk)
        try:
            change_own_password(user, form.cleaned_data["old"], form.cleaned_data["new"], actor=actor, now=clock.now())
        except ZhubaoError as error:
            form.add_error("old", said(error.problem))
        else:
            update_session_auth_hash(request, user)
            messages.success(request, _("The password was changed. Other places where you were signed in are signed out."))
            return redirect("home")
    return render(request, "web/change_password.html", {"form": form, "forced": user.must_change_password})
