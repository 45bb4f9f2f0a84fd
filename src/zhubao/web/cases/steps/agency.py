"""Steps of the agency's posts: review, the decisions, sending to the bank."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind
from zhubao.cases.actions import agency, bank, rugao, tongling
from zhubao.cases.models import Case
from zhubao.cases.models.review import DecisionKind, Outcome
from zhubao.people.models import CardAccount
from zhubao.policies import judge_of
from zhubao.web.cases.words import OUTCOMES
from zhubao.web.clerk.words import said

from .framework import EVERY_PROGRAMME, JIANGXI, RUGAO, TONGLING, Asked, DayInput, ReasonForm, StepForm, Values, step


class Remarked(StepForm):
    """A step with room for a remark."""

    reason = forms.CharField(label=_("Remark"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=1000)


class Propose(Remarked):
    """The reviewer's word; the outcome follows from the clauses."""

    explains = _("The evidence is frozen as it stands now; the outcome it leads to goes to the approving officer.")
    shows_clauses = True


class Clauses(StepForm):
    """A form whose refusals name a clause of the policy."""

    shows_clauses = True
    refusals: ClassVar[tuple[str, ...]] = ("clause",)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        clauses = judge_of(self.case.policy_id).policy.clauses
        choices = [("", "—"), *((each.id, f"{each.id} {said(each.label)}") for each in clauses if each.part_of is None)]
        for name in self.refusals:
            self.choose_from(name, choices)


class Decide(Clauses):
    """The loan alone, granted or refused."""

    as_proposed = True
    explains = _(
        "The decision rests on the evidence as it was frozen with the proposal. A refusal names the clause that is not met."
    )
    outcome = forms.ChoiceField(
        label=_("Loan qualification"),
        widget=forms.RadioSelect,
        choices=[(Outcome.GRANTED, OUTCOMES["granted"]), (Outcome.REFUSED, OUTCOMES["refused"])],
    )
    clause = forms.ChoiceField(label=_("Clause a refusal rests on"), required=False)
    reason = forms.CharField(label=_("Reason given"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=1000)


class Subsidy(Clauses):
    """The interest subsidy."""

    refusals: ClassVar[tuple[str, ...]] = ("subsidy_clause",)
    subsidy = forms.ChoiceField(
        label=_("Interest subsidy"),
        required=False,
        choices=[
            ("", _("as the clauses say")),
            (Outcome.GRANTED, OUTCOMES["granted"]),
            (Outcome.REFUSED, OUTCOMES["refused"]),
            (Outcome.PENDING, OUTCOMES["pending"]),
        ],
    )
    category = forms.ChoiceField(label=_("Hardship, where the person has several"), required=False)
    subsidy_clause = forms.ChoiceField(label=_("Clause a refused subsidy rests on"), required=False)
    subsidy_reason = forms.CharField(
        label=_("Reason for refusing or putting off the subsidy"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        identities = judge_of(self.case.policy_id).policy.identities.values()
        self.choose_from(
            "category", [("", _("the one that ranks first")), *((each.code, said(each.label)) for each in identities)]
        )


class DecideBoth(Subsidy, Decide):
    """Both decisions of Jiangxi, each with its own outcome, clause and reason."""

    explains = _(
        "Two decisions: who may borrow, and whose interest is subsidised. Both rest on the evidence frozen with the proposal; where "
        "a roster is missing the subsidy stays pending."
    )
    refusals: ClassVar[tuple[str, ...]] = ("clause", "subsidy_clause")
    field_order = ("outcome", "clause", "reason", "subsidy", "category", "subsidy_clause", "subsidy_reason")


class DecideSubsidy(Subsidy):
    """A subsidy decision that had to wait for a roster."""

    explains = _("The status is looked at on the day of the first draw, and a grant counts from that day on.")
    first_draw_on = forms.DateField(label=_("Day of the first draw"), required=False, widget=DayInput())
    field_order = ("first_draw_on", "subsidy", "category", "subsidy_clause", "subsidy_reason")


class Push(Remarked):
    """The bank that gets the case."""

    explains = _(
        "The bank gets name, citizen number, age, months paid, yearly contribution, months left, the estimated pension and whether "
        "the interest is subsidised: nothing else. The bank is the one that keeps the social security card account."
    )
    bank = forms.TypedChoiceField(label=_("Bank"), coerce=int, empty_value=None, required=False)
    field_order = ("bank", "reason")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.choose_from("bank", banks_of(self.case, no_choice=_("the applicant's own choice")))
        self.initial.setdefault("bank", self.case.bank_id)


def banks_of(case: Case, *, no_choice: Any = "—") -> list[tuple[Any, Any]]:
    """Return the banks of a case's place, those first where the person has a card account."""
    held = set(CardAccount.objects.filter(person_id=case.person_id, ends_on=None).values_list("bank_id", flat=True))
    offices = Organisation.objects.filter(kind=OrganisationKind.BANK, region__code__startswith=case.region_code[:6])
    return [
        ("", no_choice),
        *(
            (office.pk, _("%(bank)s (card account)") % {"bank": office.name} if office.pk in held else office.name)
            for office in sorted(offices, key=lambda office: (office.pk not in held, office.name))
        ),
    ]


class DecideRugao(Decide):
    """Granted, refused, or blocked while the social insurance subsidy is drawn."""

    explains = _(
        "Rests on the evidence frozen with the proposal; if facts or figures have changed since, it is to be proposed again. A refusal "
        "names the clause that is not met."
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        widget=forms.RadioSelect,
        choices=[
            (Outcome.GRANTED, OUTCOMES["granted"]),
            (Outcome.REFUSED, OUTCOMES["refused"]),
            (Outcome.BLOCKED, _("blocked while the social insurance subsidy is drawn")),
        ],
    )


class ProposeRugao(Remarked):
    """The agency's opinion: the figures follow from the evidence."""

    explains = _(
        "The evidence is frozen as it stands now. First pension month, months still to pay and the amount follow from it and go to the "
        "approving officer; no retirement is confirmed by them."
    )
    shows_clauses = True


class SendDeemed(StepForm):
    """Deemed months claimed go to the pension section."""

    explains = _("The pension section decides how many of the deemed months claimed count; until then nothing can be proposed.")


class Unblock(ReasonForm):
    """The subsidy has ended, or was given up."""

    explains = _("The register must show the end of the subsidy, or the applicant has signed that it is given up.")
    waived_on = forms.DateField(label=_("Signed that the subsidy is given up"), required=False, widget=DayInput())
    field_order = ("waived_on", "reason")


class BankAgain(ReasonForm):
    """To which bank the case goes now."""

    explains = _("The reason says what has changed since the bank refused, or why it goes to another bank.")
    bank = forms.TypedChoiceField(label=_("Bank"), coerce=int, empty_value=None, required=False)
    field_order = ("bank", "reason")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.choose_from("bank", banks_of(self.case, no_choice=_("the same bank")))


class Close(ReasonForm):
    """The case ends without a loan."""

    explains = _("The application ends without a loan; the person may apply again.")


class Estimate(Remarked):
    """Record and estimate for the bank."""

    explains = _(
        "The bank gets age, months paid, yearly contribution and the first month's pension as far as it can be foreseen; what is "
        "provisional in it is handed over as such."
    )
    shows_clauses = True


class AllowLate(ReasonForm):
    """Why a filing outside the window is let pass."""

    explains = _("The applicant's own reason stands in the form; this one says why you accept it.")


def _second(values: Values) -> agency.Subsidy:
    return agency.Subsidy(
        outcome=values["subsidy"],
        category=values["category"],
        clause=values["subsidy_clause"],
        reason=values["subsidy_reason"],
    )


@step("propose", JIANGXI, form=Propose)
def propose(case: Case, values: Values, asked: Asked) -> None:
    """Put the outcomes before the approving officer."""
    agency.propose(case.pk, reason=values["reason"], **asked)


@step("send_back", JIANGXI, RUGAO, form=ReasonForm)
def send_back(case: Case, values: Values, asked: Asked) -> None:
    """Have the review done again."""
    agency.send_back(case.pk, reason=values["reason"], **asked)


@step("decide", JIANGXI, form=DecideBoth)
def decide(case: Case, values: Values, asked: Asked) -> None:
    """Decide loan and subsidy."""
    agency.decide(case.pk, values["outcome"], clause=values["clause"], reason=values["reason"], subsidy=_second(values), **asked)


def pending_subsidy(case: Case) -> bool:
    """Tell whether the latest subsidy decision of a case waits for a roster."""
    last = case.decisions.filter(kind=DecisionKind.SUBSIDY).last()
    return last is not None and last.outcome == Outcome.PENDING


@step("decide_subsidy", JIANGXI, form=DecideSubsidy, offered=pending_subsidy)
def decide_subsidy(case: Case, values: Values, asked: Asked) -> None:
    """Make up for a subsidy decision that was pending."""
    agency.decide_subsidy(case.pk, _second(values), first_draw_on=values["first_draw_on"], **asked)


@step("push", JIANGXI, form=Push)
def push(case: Case, values: Values, asked: Asked) -> None:
    """Send the case to the bank."""
    agency.push(case.pk, bank_id=values["bank"], reason=values["reason"], **asked)


@step("allow_late", RUGAO, form=AllowLate)
def allow_late(case: Case, values: Values, asked: Asked) -> None:
    """Accept a filing outside the window."""
    rugao.allow_late(case.pk, reason=values["reason"], **asked)


@step("propose", RUGAO, form=ProposeRugao)
def propose_rugao(case: Case, values: Values, asked: Asked) -> None:
    """Prepare the agency's opinion."""
    rugao.propose(case.pk, reason=values["reason"], **asked)


@step("decide", RUGAO, form=DecideRugao)
def decide_rugao(case: Case, values: Values, asked: Asked) -> None:
    """Decide the application."""
    rugao.decide(case.pk, values["outcome"], clause=values["clause"], reason=values["reason"], **asked)


@step("send_deemed", RUGAO, form=SendDeemed)
def send_deemed(case: Case, values: Values, asked: Asked) -> None:
    """Send the deemed period to the pension section."""
    rugao.send_deemed(case.pk, **asked)


@step("unblock", RUGAO, form=Unblock)
def unblock(case: Case, values: Values, asked: Asked) -> None:
    """Go on once the subsidy has ended."""
    rugao.unblock(case.pk, reason=values["reason"], waived_on=values["waived_on"], **asked)


@step("bank_again", *EVERY_PROGRAMME, form=BankAgain)
def bank_again(case: Case, values: Values, asked: Asked) -> None:
    """Bring a refused case to a bank once more."""
    bank.bank_again(case.pk, reason=values["reason"], bank_id=values["bank"], **asked)


@step("close", *EVERY_PROGRAMME, form=Close)
def close(case: Case, values: Values, asked: Asked) -> None:
    """End a case that no bank lends on."""
    bank.close(case.pk, reason=values["reason"], **asked)


@step("estimate", TONGLING, form=Estimate)
def estimate(case: Case, values: Values, asked: Asked) -> None:
    """Give the bank record and estimate."""
    tongling.estimate(case.pk, reason=values["reason"], **asked)
