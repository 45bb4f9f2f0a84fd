"""Posts of a person: open one, close one."""

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhubao.access import clock
from zhubao.access.actions import close_post, open_post
from zhubao.access.models import Post
from zhubao.access.roles import Role
from zhubao.web.attempts import told_above, told_at
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .forms import PostForm, ReasonForm
from .people import found_person
from .sheets import person_sheet


@require_POST
@for_posts(Role.AGENCY_ADMINISTRATOR)
def give(request: PostRequest, number: int) -> HttpResponseBase:
    """Open a post for a person; a post that must stay in other hands is refused with the reason and its clauses."""
    user, form = found_person(request.actor, number), PostForm(request.actor, request.POST)
    if form.is_valid():
        organisation, role = form.cleaned_data["post"]
        with told_at(form):
            open_post(user, organisation, role, scope=form.cleaned_data["scope"], actor=request.actor, now=clock.now())
            messages.success(request, _("The post is open."))
            return redirect("administration:person", user.pk)
    return render(request, "administration/person.html", person_sheet(request.actor, user, form), status=422)


@require_POST
@for_posts(Role.AGENCY_ADMINISTRATOR)
def take(request: PostRequest, number: int) -> HttpResponseBase:
    """Close a post."""
    post = Post.objects.select_related("user", "organisation").filter(pk=number).first()
    if post is None:
        raise Http404
    request.actor.require_region(post.scope_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was closed: say why."))
        return redirect("administration:person", post.user_id)
    with told_above(request):
        close_post(post, reason=form.cleaned_data["reason"], actor=request.actor, now=clock.now())
        messages.success(request, _("The post is closed."))
    return redirect("administration:person", post.user_id)
