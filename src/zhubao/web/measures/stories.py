"""Stories: the public page, and their writing, consent, publishing and taking back on the page of a measure."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.models import Region
from zhubao.oversight.measures.course import READERS
from zhubao.oversight.measures.models import Measure
from zhubao.oversight.stories import actions
from zhubao.oversight.stories.models import CaseStory
from zhubao.policies.claims import implements
from zhubao.web.attempts import told_above
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .one import found_measure
from .story_forms import BecauseForm, ConsentForm, NewStoryForm, StoryForm

LISTED = 20


@implements("gz-13b", as_="feature")
@require_GET
def public(request: HttpRequest) -> HttpResponse:
    """Let everybody read what was published."""
    found = CaseStory.objects.published().select_related("person", "measure")
    page = Paginator(found, LISTED).get_page(request.GET.get("page"))
    counties = dict(Region.objects.filter(code__in={each.measure.region_code[:6] for each in page}).values_list("code", "name"))
    rows = [(each, counties.get(each.measure.region_code[:6], "")) for each in page]
    return render(request, "measures/stories.html", {"page": page, "rows": rows})


@require_POST
@for_posts(*READERS)
def write(request: PostRequest, pk: int) -> HttpResponseBase:
    """Write a story."""
    row, form = found_measure(request, pk), NewStoryForm(request.POST)
    if not _valid(request, form):
        return redirect("measures:measure", pk)
    values = form.cleaned_data
    number, title, text = values["id_number"], values["title"], values["text"]
    return _answer(request, row, lambda: actions.write_story(pk, number, title, text, actor=request.actor, now=clock.now()))


@require_POST
@for_posts(*READERS)
def change(request: PostRequest, pk: int, story_id: int, verb: str) -> HttpResponseBase:
    """Reword a story, record the consent, publish it or take it back."""
    row = found_measure(request, pk)
    if not CaseStory.objects.filter(measure=row, pk=story_id).exists():
        raise Http404
    kinds: dict[str, tuple[type[forms.Form], Callable[..., object]]] = {
        "reword": (StoryForm, actions.reword_story),
        "consent": (ConsentForm, actions.record_consent),
        "publish": (forms.Form, actions.publish_story),
        "withdraw": (BecauseForm, actions.withdraw_story),
    }
    if verb not in kinds:
        raise Http404
    kind, act = kinds[verb]
    form = kind(request.POST)
    if not _valid(request, form):
        return redirect("measures:measure", pk)
    return _answer(request, row, lambda: act(story_id, **form.cleaned_data, actor=request.actor, now=clock.now()))


def _valid(request: PostRequest, form: forms.Form) -> bool:
    for name, problems in form.errors.items():
        for problem in problems:
            messages.error(request, f"{form.fields[name].label}: {problem}")
    return form.is_valid()


def _answer(request: PostRequest, row: Measure, act: Callable[[], object]) -> HttpResponseBase:
    with told_above(request):
        act()
        messages.success(request, _("Noted."))
    return redirect("measures:measure", row.pk)
