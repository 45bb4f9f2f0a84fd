"""Forms of rosters and screenings."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from zhubao.access.actors import Actor
from zhubao.access.models import Region
from zhubao.policies import MODULES, judge_of
from zhubao.rosters.models import RosterFile
from zhubao.rosters.selectors import usable_files
from zhubao.screening.kinds import KINDS

from .words import language, said

INSURED = "insured"


def kind_choices() -> list[tuple[str, str]]:
    """Return what a file may be said to be: nothing, insured persons, or one of the kinds of rosters."""
    return [
        ("", str(_("let the file say"))),
        (INSURED, str(_("insured persons"))),
        *((code, kind.label.in_(language())) for code, kind in KINDS.items()),
    ]


class SeveralFilesInput(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True
    template_name = "clerk/files_input.html"


class SeveralFilesField(forms.FileField):
    """Several files; none is a fault of the form, an empty one is told by the action that receives it."""

    widget = SeveralFilesInput(attrs={"accept": ".xlsx,.xls,.csv,.txt,.parquet"})

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        """Return the files sent."""
        files = data if isinstance(data, list) else [data] if data else []
        if not files:
            raise ValidationError(self.error_messages["required"], code="required")
        return files


class UploadForm(forms.Form):
    """Files to hand in. `kind` may come once for each file, in the order of the files; one answer counts for all of them."""

    region = forms.ModelChoiceField(Region.objects.none(), label=_("County"), empty_label=None)
    sent = SeveralFilesField(
        label=_("Files"),
        help_text=_("Excel, CSV or Parquet; several at once. The columns and the encoding are found by themselves."),
    )
    kind = forms.ChoiceField(
        label=_("What they are"),
        required=False,
        help_text=_("Only needed where neither the title nor the file name nor a column tells it."),
    )

    def __init__(self, counties: list[Region], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        region: Any = self.fields["region"]
        region.queryset = Region.objects.filter(code__in=[county.code for county in counties])
        if len(counties) == 1:
            region.required = False
            region.widget = forms.HiddenInput()
        kind: Any = self.fields["kind"]
        kind.choices = kind_choices()


class KindForm(forms.Form):
    """What one file is."""

    kind = forms.ChoiceField(label=_("What it is"), required=False)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        kind: Any = self.fields["kind"]
        kind.choices = kind_choices()


class ScreeningForm(forms.Form):
    """What to screen: a policy of the county, a day, files that were read."""

    policy = forms.ChoiceField(label=_("Policy"))
    on = forms.DateField(
        label=_("On which day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Ages, amounts and certificates are taken as they stand on this day."),
    )
    chosen = forms.ModelMultipleChoiceField(
        RosterFile.objects.none(), label=_("Files"), error_messages={"required": _("Tick at least one roster.")}
    )
    other_region = forms.BooleanField(
        label=_("Accept files of numbers issued elsewhere"),
        required=False,
        help_text=_("For a roster none of whose people got their first number here."),
    )

    def __init__(self, actor: Actor, region_code: str, today: date, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        policies = [judge_of(policy_id).policy for policy_id in MODULES]
        policy: Any = self.fields["policy"]
        policy.choices = [(each.id, said(each.title)) for each in policies if region_code.startswith(each.region)]
        files: Any = self.fields["chosen"]
        files.queryset = usable_files(actor, region_code)
        self.fields["on"].initial = today
