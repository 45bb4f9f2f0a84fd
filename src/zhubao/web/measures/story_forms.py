"""The forms of stories, and which of them the page of a measure shows."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhubao.oversight.measures.course import BUREAU
from zhubao.oversight.measures.models import Measure
from zhubao.oversight.stories import actions
from zhubao.oversight.stories.models import CaseStory
from zhubao.web.calculator.fields import DayField
from zhubao.web.middleware import PostRequest


class StoryForm(forms.Form):
    """A story's words."""

    title = forms.CharField(label=_("Title of the story"), max_length=80)
    text = forms.CharField(
        label=_("The story"),
        max_length=actions.LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Without name, number or address: the public reads the family name and stars."),
    )


class NewStoryForm(StoryForm):
    """A story with whose it is."""

    id_number = forms.CharField(
        label=_("Citizen number of the person"), max_length=18, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    field_order = ("id_number", "title", "text")


class ConsentForm(forms.Form):
    """The person's consent."""

    on = DayField(label=_("Consent given on"))
    paper = forms.CharField(label=_("Signed paper, and where it lies"), max_length=200)


class BecauseForm(forms.Form):
    """Why a story is taken back."""

    because = forms.CharField(label=_("Reason"), max_length=300)


def stories_of(request: PostRequest, row: Measure, *, part: bool) -> dict[str, Any]:
    """Return what the page of a measure shows of its stories; `part`: whether the post works on the measure."""
    kept = actions.INDICATOR in row.known.indicators
    may_publish = request.actor.role in BUREAU
    stories: list[dict[str, Any]] = []
    for each in CaseStory.objects.filter(measure=row).select_related("person").order_by("-pk") if kept else ():
        drafted = each.published_at is None and each.withdrawn_at is None
        told = {"title": each.title, "text": each.text}
        stories.append(
            {
                "story": each,
                "drafted": drafted,
                "reword": StoryForm(initial=told, auto_id=f"reword_{each.pk}_%s") if part and drafted else None,
                "consent": ConsentForm(auto_id=f"consent_{each.pk}_%s") if part and drafted else None,
                "publish": may_publish and drafted,
                "withdraw": BecauseForm(auto_id=f"withdraw_{each.pk}_%s") if part and each.withdrawn_at is None else None,
            }
        )
    return {"stories": stories, "story_form": NewStoryForm(auto_id="story_%s") if part and kept else None}
