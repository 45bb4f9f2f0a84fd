"""Keys for systems that act at a post: issued and shown once, revoked."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zhubao.access import clock
from zhubao.access.machine_keys import issue_key, revoke_key
from zhubao.access.models import MachineKey, Post
from zhubao.access.roles import Role
from zhubao.web.attempts import told_above
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .forms import ReasonForm


class KeyForm(forms.Form):
    """Which system the key is for."""

    name = forms.CharField(label=gettext_lazy("System"), max_length=60)


@never_cache
@require_POST
@for_posts(Role.AGENCY_ADMINISTRATOR)
def issue(request: PostRequest, number: int) -> HttpResponseBase:
    """Issue a key for a post and show it once."""
    post = Post.objects.select_related("user", "organisation").filter(pk=number).first()
    if post is None:
        raise Http404
    request.actor.require_region(post.scope_id)
    form = KeyForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say which system the key is for."))
        return redirect("administration:person", post.user_id)
    with told_above(request):
        key, secret = issue_key(post, form.cleaned_data["name"], actor=request.actor, now=clock.now())
        # Answered at once and not kept: nobody can show it a second time.
        return render(request, "administration/key.html", {"key": key, "secret": secret})
    return redirect("administration:person", post.user_id)


@require_POST
@for_posts(Role.AGENCY_ADMINISTRATOR)
def revoke(request: PostRequest, number: int) -> HttpResponseBase:
    """Let a key open nothing any more."""
    key = MachineKey.objects.select_related("post").filter(pk=number).first()
    if key is None:
        raise Http404
    request.actor.require_region(key.post.scope_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was closed: say why."))
        return redirect("administration:person", key.post.user_id)
    with told_above(request):
        revoke_key(key, reason=form.cleaned_data["reason"], actor=request.actor, now=clock.now())
        messages.success(request, _("The key opens nothing any more."))
    return redirect("administration:person", key.post.user_id)
