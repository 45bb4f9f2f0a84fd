"""Steps of whoever receives applications: handing in, returning, moving, withdrawing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind
from zhubao.cases.actions import intake
from zhubao.cases.models import Case
from zhubao.policies import judge_of

from .framework import EVERY_PROGRAMME, JIANGXI, Asked, ReasonForm, StepForm, Values, step


class HandIn(StepForm):
    """Handing the filled form in."""

    explains = _("The day of the first handing in is kept as the day of filing. After it the form cannot be changed any more.")


class Return(ReasonForm):
    """What the applicant is to put right."""

    explains = _("The applicant reads the reason word for word: say what is to be put right, and with which paper.")


class Transfer(ReasonForm):
    """Which agency gets the case."""

    explains = _("The day of filing is kept. The case leaves this agency's lists.")
    agency = forms.TypedChoiceField(label=_("Agency of the place of insurance"), coerce=int)
    field_order = ("agency", "reason")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        agencies = Organisation.objects.filter(
            kind=OrganisationKind.AGENCY, region__code__startswith=judge_of(self.case.policy_id).policy.region
        ).exclude(pk=self.case.agency_id or 0)
        self.choose_from("agency", [("", "—"), *agencies.order_by("region_id").values_list("pk", "name")])


class Withdraw(ReasonForm):
    """The applicant takes the application back."""

    explains = _("The withdrawal signed by the applicant must be among the papers, as a scan or as an original that was seen.")


@step("submit", *EVERY_PROGRAMME, form=HandIn)
def submit(case: Case, values: Values, asked: Asked) -> None:
    """Hand the application in."""
    intake.submit(case.pk, **asked)


@step("return", *EVERY_PROGRAMME, form=Return)
def return_for_correction(case: Case, values: Values, asked: Asked) -> None:
    """Send the form back to the applicant."""
    intake.return_for_correction(case.pk, reason=values["reason"], **asked)


@step("transfer", JIANGXI, form=Transfer)
def transfer(case: Case, values: Values, asked: Asked) -> None:
    """Hand the case to another agency."""
    intake.transfer_case(case.pk, values["agency"], reason=values["reason"], **asked)


@step("withdraw", *EVERY_PROGRAMME, form=Withdraw)
def withdraw(case: Case, values: Values, asked: Asked) -> None:
    """End the application at the applicant's wish."""
    intake.withdraw(case.pk, reason=values["reason"], **asked)
