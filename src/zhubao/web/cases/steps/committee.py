"""Steps of the committee: first review, the notice, what it found out about an objection, the signed opinion."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhubao.access import clock
from zhubao.cases.actions import committee, notice_objections
from zhubao.cases.actions.signatures import Signature
from zhubao.cases.models import Case
from zhubao.policies import judge_of
from zhubao.web.clerk.words import said

from .framework import RUGAO, Asked, DayInput, StepForm, Values, step
from .objections import WORDS, WithObjection


def hardships(case: Case) -> list[tuple[str, str]]:
    """Return the kinds of hardship of a case's policy as choices."""
    return [(each.code, said(each.label)) for each in judge_of(case.policy_id).policy.identities.values()]


def conditions(case: Case) -> list[tuple[str, str]]:
    """Return what an applicant has to meet as choices: the clauses a rejection can rest on."""
    clauses = judge_of(case.policy_id).policy.clauses
    return [
        (each.id, f"{each.article} {said(each.label)}")
        for each in clauses
        if each.part_of is None and each.kind in ("condition", "exclusion") and "/" not in each.id
    ]


class FirstReview(StepForm):
    """What the committee of the place of residence found."""

    explains = _(
        "Who lives elsewhere is returned to the committee of residence. Passed, the application is to be posted; not passed, it ends, and "
        "the applicant reads the clause and the reason."
    )
    shows_clauses = True
    passed = forms.ChoiceField(
        label=_("First review"),
        widget=forms.RadioSelect,
        choices=[("yes", _("passed")), ("no", _("the conditions are not met"))],
    )
    category = forms.ChoiceField(label=_("Hardship the committee found"), required=False)
    lives_here = forms.BooleanField(label=_("The applicant lives here"), required=False, initial=True)
    clause = forms.ChoiceField(label=_("Clause a rejection rests on"), required=False)
    reason = forms.CharField(label=_("Reason given"), required=False, widget=WORDS, max_length=1000)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.choose_from("category", [("", _("as applied for")), *hardships(self.case)])
        self.choose_from("clause", [("", "—"), *conditions(self.case)])


class PostNotice(StepForm):
    """Where the notice hangs, and since when."""

    explains = _(
        "The notice of this one case; several at once are posted from the notices of the village. The posting day does not count."
    )
    place = forms.CharField(label=_("Where it hangs"), max_length=160)
    phone = forms.CharField(label=_("Telephone for objections"), max_length=20)
    posted_on = forms.DateField(label=_("Day it was put up"), required=False, widget=DayInput(), help_text=_("Today when empty."))


class Investigate(WithObjection, StepForm):
    """What the committee found out about an objection."""

    explains = _("The agency decides on what is written here. Who objected is not told to the applicant.")
    finding = forms.CharField(label=_("What the committee found out"), widget=WORDS, max_length=2000)
    field_order = ("objection", "finding")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.choose_from("objection", self.undecided())


class SignatureFields(forms.Form):
    """What closes an opinion on a form: who signed, the seal, the day."""

    handler = forms.CharField(label=_("Signed by"), max_length=60)
    sealed = forms.BooleanField(label=_("The committee's seal is on it"))
    signed_on = forms.DateField(label=_("Day signed"), widget=DayInput())

    def signature(self) -> Signature:
        """Return the signature; to be asked of a valid form."""
        given = self.cleaned_data
        return Signature(given["handler"], given["sealed"], given["signed_on"])


class SignOpinion(StepForm, SignatureFields):
    """The committee's box on the first form."""

    explains = _(
        "Signed when the notice has hung for seven full days and no objection is open; the application then goes to the agency."
    )
    category = forms.ChoiceField(label=_("Kind of hardship, as it was posted"))
    opinion = forms.CharField(label=_("Further words of the opinion"), required=False, widget=WORDS, max_length=1000)
    field_order = ("category", "handler", "sealed", "signed_on", "opinion")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.choose_from("category", hardships(self.case))
        line = self.case.notice_lines.order_by("-pk").first()
        self.initial.setdefault("category", line.category if line else "")
        self.initial.setdefault("handler", self.actor.name)
        self.initial.setdefault("signed_on", clock.today())


@step("first_review", RUGAO, form=FirstReview)
def first_review(case: Case, values: Values, asked: Asked) -> None:
    """Let the application be posted, or end it."""
    committee.first_review(
        case.pk,
        passed=values["passed"] == "yes",
        category=values["category"],
        lives_here=values["lives_here"],
        clause=values["clause"],
        reason=values["reason"],
        **asked,
    )


@step("post_notice", RUGAO, form=PostNotice)
def post_notice(case: Case, values: Values, asked: Asked) -> None:
    """Note that the notice of this case was put up."""
    given = {name: values[name] for name in ("place", "phone", "posted_on")}
    committee.post_notice([case.pk], **given, **asked)


@step("investigate", RUGAO, form=Investigate)
def investigate(case: Case, values: Values, asked: Asked) -> None:
    """Write down what was found out."""
    notice_objections.investigate(case.pk, values["objection"], finding=values["finding"], **asked)


@step("sign_opinion", RUGAO, form=SignOpinion)
def sign_opinion(case: Case, values: Values, asked: Asked) -> None:
    """Sign the opinion and send the application to the agency."""
    signature = Signature(values["handler"], values["sealed"], values["signed_on"])
    committee.sign_opinion(case.pk, category=values["category"], signature=signature, opinion=values["opinion"], **asked)
