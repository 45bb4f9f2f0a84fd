"""Entering and withdrawing a figure."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhubao.access import clock
from zhubao.errors import ZhubaoError
from zhubao.parameters import NATION, Parameter
from zhubao.parameters.names import NAMES, SETTING_PREFIX, declared
from zhubao.parameters.questions import questions, settings
from zhubao.programmes.actions import DECIDING_ROLES, enter_figures, withdraw_figure
from zhubao.programmes.models import LocalFigure
from zhubao.programmes.selectors import figure_for, parameter_book
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts
from zhubao.web.templatetags.figures import area_name

from .forms import DecisionForm, FigureForm, ReasonForm
from .places import Place, place_of, writable_areas
from .sheets import segments


@require_GET
@for_posts(*DECIDING_ROLES)
def choose(request: PostRequest) -> HttpResponseBase:
    """Let an official choose which figure to enter."""
    place = place_of(request)
    name = request.GET.get("name", "")
    if declared(name):
        return redirect(f"{reverse('parameters:enter', args=[name])}?{place.query}")
    named = [declared(SETTING_PREFIX + each) for each in settings()]
    return render(request, "parameters/choose.html", {"place": place, "names": NAMES.values(), "settings": named})


@require_http_methods(["GET", "POST"])
@for_posts(*DECIDING_ROLES)
def enter(request: PostRequest, name: str) -> HttpResponseBase:
    """Enter one figure; faults stand beside the fields, nothing is kept until all is good."""
    known = declared(name)
    if known is None:
        raise Http404
    if name.removeprefix(SETTING_PREFIX) in questions():
        return redirect("parameters:question", name.removeprefix(SETTING_PREFIX))
    place = place_of(request)
    initial = {"area_code": place.area, "effective_from": place.on}
    form = FigureForm(request.POST or None, name=known, areas=area_choices(request, place), initial=initial)
    if request.method == "POST" and form.is_valid():
        entry = form.figure()
        if entry and enter_from(form, entry, request):
            return redirect(f"{reverse('parameters:history', args=[name])}?area={entry.area_code}")
    lines = segments(name, place, parameter_book())
    status = 422 if form.is_bound else 200
    return render(
        request, "parameters/enter.html", {"place": place, "name": known, "form": form, "lines": lines[-6:]}, status=status
    )


@require_http_methods(["GET", "POST"])
@for_posts(*DECIDING_ROLES)
def withdraw(request: PostRequest, figure_id: int) -> HttpResponseBase:
    """Withdraw a figure with a reason."""
    try:
        figure = figure_for(request.actor, figure_id)
    except LocalFigure.DoesNotExist:
        raise Http404 from None
    form = ReasonForm(request.POST or None)
    back = f"{reverse('parameters:history', args=[figure.name])}?area={figure.area_code}&withdrawn=1"
    if request.method == "POST" and form.is_valid():
        withdraw_figure(figure_id, form.cleaned_data["reason"], actor=request.actor, now=clock.now())
        messages.success(request, _("Withdrawn. Decisions already made keep it."))
        return redirect(back)
    place = place_of(request)
    context = {"place": place, "figure": figure, "entry": figure.as_parameter(), "name": declared(figure.name), "form": form}
    return render(request, "parameters/withdraw.html", context, status=422 if form.is_bound else 200)


def enter_from(form: DecisionForm, entry: Parameter, request: PostRequest) -> bool:
    """Enter what a form says; put a refusal beside the fields and return False."""
    following = bool(form.cleaned_data.get("following"))
    try:
        written = enter_figures([entry], actor=request.actor, now=clock.now(), following=following)
    except ZhubaoError as fault:
        form.add_faults([fault])
        return False
    messages.success(request, _("Entered.") if written else _("It stands already; nothing was changed."))
    return True


def area_choices(request: PostRequest, place: Place) -> list[tuple[str, Any]]:
    """Return the areas the actor may enter figures for, with their names."""
    areas = writable_areas(request.actor, place.names)
    return [(area, f"{area_name(area, place.names)} {'' if area == NATION else area}".strip()) for area in areas]
