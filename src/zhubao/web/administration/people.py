"""People who sign in: list them, add one, give a new password, close and open an account."""

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhubao.access import clock
from zhubao.access.accounts import add_user, deactivate_user, new_password, reactivate_user, set_password
from zhubao.access.actors import Actor
from zhubao.access.models import User
from zhubao.access.roles import Role
from zhubao.access.selectors import people_for, person_for
from zhubao.web.attempts import told_above, told_at
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .forms import PersonForm, ReasonForm
from .sheets import person_sheet

LISTED = 50


@never_cache
@require_http_methods(["GET", "POST"])
@for_posts(Role.AGENCY_ADMINISTRATOR)
def listing(request: PostRequest) -> HttpResponseBase:
    """List the accounts the administrator looks after; with POST, add one and show its first password once."""
    form = PersonForm(request.actor, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        chosen, password = form.cleaned_data, new_password()
        with told_at(form, "username"):
            user = add_user(
                chosen["username"],
                chosen["name"],
                password,
                region=chosen["region"],
                must_change=True,
                actor=request.actor,
                now=clock.now(),
            )
            return _password_page(request, user, password)
    search, closed = request.GET.get("search", "").strip(), request.GET.get("closed") == "1"
    page = Paginator(people_for(request.actor, search, closed=closed), LISTED).get_page(request.GET.get("page"))
    context = {"page": page, "form": form, "search": search, "closed": closed}
    return render(request, "administration/people.html", context, status=422 if form.errors else 200)


def found_person(actor: Actor, number: int) -> User:
    """Return an account the actor looks after; raise Http404 when there is none, OutOfScope when it is another's."""
    try:
        return person_for(actor, number)
    except ObjectDoesNotExist as error:
        raise Http404 from error


@require_GET
@for_posts(Role.AGENCY_ADMINISTRATOR)
def one(request: PostRequest, number: int) -> HttpResponseBase:
    """Show one person with their posts and what can be done."""
    return render(request, "administration/person.html", person_sheet(request.actor, found_person(request.actor, number)))


@never_cache
@require_POST
@for_posts(Role.AGENCY_ADMINISTRATOR)
def give_password(request: PostRequest, number: int) -> HttpResponseBase:
    """Give a new password and show it once; the person's sessions end."""
    user, password = found_person(request.actor, number), new_password()
    with told_above(request):
        set_password(user, password, must_change=True, actor=request.actor, now=clock.now())
        return _password_page(request, user, password)
    return redirect("administration:person", user.pk)


@require_POST
@for_posts(Role.AGENCY_ADMINISTRATOR)
def close(request: PostRequest, number: int) -> HttpResponseBase:
    """Close an account with its posts; the person is signed out at once."""
    user, form = found_person(request.actor, number), ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was closed: say why."))
        return redirect("administration:person", user.pk)
    with told_above(request):
        deactivate_user(user, reason=form.cleaned_data["reason"], actor=request.actor, now=clock.now())
        messages.success(request, _("The account is closed; %(name)s is signed out everywhere.") % {"name": user.name})
    return redirect("administration:person", user.pk)


@never_cache
@require_POST
@for_posts(Role.AGENCY_ADMINISTRATOR)
def reopen(request: PostRequest, number: int) -> HttpResponseBase:
    """Open a closed account again with a new password, shown once; posts are opened anew."""
    user, password = found_person(request.actor, number), new_password()
    if user.is_active:
        return redirect("administration:person", user.pk)
    reactivate_user(user, password, actor=request.actor, now=clock.now())
    return _password_page(request, user, password)


def _password_page(request: PostRequest, user: User, password: str) -> HttpResponse:
    # Answered at once and not kept: nobody can show it a second time.
    return render(request, "administration/password.html", {"person": user, "password": password})
