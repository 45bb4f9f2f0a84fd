"""Organisations that take part: list them by kind, add one."""

from itertools import groupby

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhubao.access import clock
from zhubao.access.actions import add_organisation
from zhubao.access.roles import OrganisationKind, Role
from zhubao.access.selectors import organisations_for
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .forms import OrganisationForm

KINDS = {kind: place for place, kind in enumerate(OrganisationKind.values)}


@require_http_methods(["GET", "POST"])
@for_posts(Role.AGENCY_ADMINISTRATOR)
def listing(request: PostRequest) -> HttpResponseBase:
    """List the organisations of the scope by kind; with POST, add one."""
    form = OrganisationForm(request.actor, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        kind = OrganisationKind(chosen["kind"])
        there = add_organisation(chosen["region"], kind, chosen["name"], actor=request.actor, now=clock.now())
        messages.success(request, _("%(name)s is on the list.") % {"name": there.name})
        return redirect("administration:organisations")
    rows = sorted(organisations_for(request.actor), key=lambda organisation: KINDS[organisation.kind])
    groups = [
        (OrganisationKind(kind).label, list(organisations)) for kind, organisations in groupby(rows, key=lambda each: each.kind)
    ]
    lacking = [kind.label for kind in OrganisationKind if kind.value not in {row.kind for row in rows}]
    context = {"groups": groups, "form": form, "lacking": lacking}
    return render(request, "administration/organisations.html", context, status=422 if form.errors else 200)
