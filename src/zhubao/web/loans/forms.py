"""The forms of a loan's steps, and which action each calls.

Renewals and a subsidy that was left pending are decided in the case, which moves the loan: they have no form here.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, TypedDict

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.loans import contributing, drawing, following, renewing
from zhubao.loans.draws import PAYEE_OF, PAYEES
from zhubao.loans.models import Loan, Tranche
from zhubao.loans.states import process_of, ways_of
from zhubao.procedures.year_opened import months_payable
from zhubao.web.calculator.fields import DayField, MoneyField, WholeField
from zhubao.web.calculator.words import yuan_said
from zhubao.web.clerk.words import said
from zhubao.web.navigation import Label

# Steps taken in the case of the borrower; the loan page leads there.
IN_THE_CASE = {
    "open_renewal": "",
    "drop_renewal": "",
    "permit_year": "",
    "grant_subsidy": "decide_subsidy",
}
GAP = re.compile(r"(\d{4})\s*[:：年]\s*(\d{1,2})\s*(?:个?月)?")
Pair = tuple[Any, str]


class Asked(TypedDict):
    """What every action takes by name beside its own values."""

    seen: str
    key: str
    actor: Actor
    now: datetime


class LoanForm(forms.Form):
    """The base of every form of a loan's step, and the form of a step that needs nothing but the click.

    `seen` is the state the page showed, `key` names the request. A form reads `self.loan` and `self.draw` (None beside a draw).
    """

    explains: ClassVar[Label] = ""
    seen = forms.CharField(widget=forms.HiddenInput, max_length=24)
    key = forms.CharField(widget=forms.HiddenInput, max_length=60)

    def __init__(self, loan: Loan, draw: Tranche | None, *arguments: Any, **named: Any) -> None:
        self.loan, self.draw = loan, draw
        super().__init__(*arguments, **{"auto_id": "step_%s", **named})

    @property
    def shown(self) -> list[Pair]:
        """What stands above the fields: the draw it is about."""
        if self.draw is None:
            return []
        rows = [
            (gettext("Contribution year"), str(self.draw.year)),
            (gettext("Months"), str(self.draw.months)),
            (gettext("Amount"), yuan_said(self.draw.amount_fen)),
        ]
        if self.draw.drawn_on:
            rows.append((gettext("Drawn on"), self.draw.drawn_on.isoformat()))
        return rows


def _reason(label: Label) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": 3}), max_length=500)


class ReasonForm(LoanForm):
    """A step that needs a reason and nothing else."""

    reason = _reason(_("Reason"))


class DayForm(LoanForm):
    """A step with its day, today unless said otherwise."""

    day = DayField(label=_("Day"))

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.initial.setdefault("day", clock.today())


class Plan(LoanForm):
    """The amount of a year."""

    explains = _("Done again before the release, it replaces the amount. Another person releases it.")
    year = WholeField(2000, 2100, label=_("Contribution year"))
    month_from = WholeField(1, 12, label=_("First month"))
    months = WholeField(1, 12, label=_("Months"))
    amount_fen = MoneyField(label=_("Amount (yuan)"), required=False, help_text=_("Empty: all the loan may draw for the year."))

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        year = clock.today().year
        first, months = months_payable(self.loan, year)
        for name, value in {"year": year, "month_from": min(first, 12), "months": max(1, months)}.items():
            self.initial.setdefault(name, value)
        if ways_of(self.loan.policy_id).counted_by == "contract":
            del self.fields["month_from"], self.fields["months"]


class PlanGaps(LoanForm):
    """The gap months of a back-payment loan."""

    explains = _("The one draw of this loan pays all accepted gap months, each at its own year's lowest tier.")
    gaps = forms.CharField(
        label=_("Gap months by year"),
        help_text=_("One year a line with its months, for example 2019: 12."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=1000,
    )
    amount_fen = MoneyField(label=_("Amount (yuan)"), required=False, help_text=_("Empty: all the loan may draw."))

    def clean_gaps(self) -> dict[int, int]:
        """Return the months of each year; a line that says something else is named."""
        found: dict[int, int] = {}
        for line in filter(None, (line.strip() for line in self.cleaned_data["gaps"].splitlines())):
            match = GAP.fullmatch(line)
            if match is None or int(match[1]) in found:
                raise forms.ValidationError(_("Not a year with its months, or the year twice: %(line)s"), params={"line": line})
            found[int(match[1])] = int(match[2])
        return found


class Draw(DayForm):
    """What the bank paid out."""

    explains = _("Recorded as the bank paid it out: it bears interest from this day.")
    amount_fen = MoneyField(label=_("Amount paid out (yuan)"))
    source = forms.CharField(label=_("Bank reference"), required=False, max_length=100)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if self.draw is not None:
            self.initial.setdefault("amount_fen", typed(self.draw.amount_fen))

    @property
    def shown(self) -> list[Pair]:
        """The draw, and where its money goes."""
        payee = PAYEES[PAYEE_OF[self.loan.policy_id]]
        card = self.loan.card_account
        account = (
            f"{said(payee)}（{card.last_four}）" if card and PAYEE_OF[self.loan.policy_id] == "card_account" else said(payee)
        )
        return [*super().shown, (gettext("Paid to"), account)]


class Contribution(DayForm):
    """A receipt."""

    explains = _("A part may arrive: the draw stays open until all of it is there. The same receipt number counts once.")
    receipt = forms.CharField(label=_("Receipt number"), max_length=60)
    amount_fen = MoneyField(label=_("Amount received (yuan)"))
    field_order = ("receipt", "day", "amount_fen")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if self.draw is not None:
            self.initial.setdefault("amount_fen", typed(self.draw.amount_fen - contributing.received_fen(self.draw)))


class LeaveOut(ReasonForm):
    """Months that need no loan."""

    explains = _("The last months of the draw are left out; cap and amount fall with them. For all of them: nothing is drawn.")
    months = WholeField(1, 11, label=_("Months left out"))
    field_order = ("months", "reason")


class Remind(ReasonForm):
    """How the borrower was reminded."""

    explains = _("From today the borrower has the time of the setting to pay in; afterwards the qualification may be ended.")
    reason = _reason(_("How the reminder was given"))


class EndQualification(ReasonForm):
    """The end of further draws."""

    explains = _("The subsidy of this draw ends today and nothing more is drawn. What was drawn is repaid as agreed.")


class Suspend(ReasonForm):
    """No draws until a new application."""

    explains = _(
        "No more is drawn; what was drawn keeps its subsidy until the pension. A new application is possible in a fourth quarter."
    )


class FollowUp(ReasonForm):
    """What the bank found when it looked after the borrower."""

    explains = _("A visit, a call or a talk at the counter. The next one is put into the queue after the months of the setting.")
    reason = _reason(_("How the borrower is doing"))


class Withdraw(ReasonForm):
    """The borrower takes the loan back."""

    explains = _("Only before the first draw, at the borrower's signed wish.")


class Match(DayForm):
    """What finance adds."""

    amount_fen = MoneyField(label=_("Contribution subsidy (yuan)"))
    field_order = ("amount_fen", "day")


Values = Mapping[str, Any]
Act = Callable[[Loan, Any, Values, Asked], object]


@dataclass(frozen=True)
class LoanStepPage:
    """The form of a step, and the call of its action.

    `fits`: whether the loan has now what the step is about; where it has not, the step is not offered. `lands`: the name of the page
    that shows what was done.
    """

    form: type[LoanForm]
    act: Act
    fits: Callable[[Loan], bool] = lambda loan: True
    lands: str = "loans:loan"


def page_of(loan: Loan, verb: str) -> LoanStepPage | None:
    """Return the form and action of a step of a loan; None where it is taken elsewhere."""
    if verb == "plan_year" and loan.back_payment:
        return LoanStepPage(PlanGaps, _plan_gaps)
    if verb == "release_year" and Role.AGENCY_APPROVER in process_of(loan.policy_id).transition(verb).posts:
        return None
    if verb == "suspend" and loan.state == "renewal":
        return None
    return PAGES.get(verb)


def typed(fen: int) -> str:
    """Return an amount as it is typed in yuan."""
    return f"{fen // 100}.{fen % 100:02}"


def _plan(loan: Loan, draw: Any, values: Values, asked: Asked) -> None:
    span = {name: values[name] for name in ("month_from", "months") if name in values}
    drawing.plan_year(loan.pk, values["year"], amount_fen=values["amount_fen"], **span, **asked)


def _plan_gaps(loan: Loan, draw: Any, values: Values, asked: Asked) -> None:
    drawing.plan_back_payment(loan.pk, values["gaps"], amount_fen=values["amount_fen"], **asked)


def _record_draw(loan: Loan, draw: Any, values: Values, asked: Asked) -> None:
    payee = PAYEE_OF[loan.policy_id]
    drawing.record_draw(draw.pk, values["day"], values["amount_fen"], payee, source=values["source"], **asked)


def _record_contribution(loan: Loan, draw: Any, values: Values, asked: Asked) -> None:
    rest = {"seen": asked["seen"], "actor": asked["actor"], "now": asked["now"]}
    contributing.record_contribution(draw.pk, values["receipt"], values["day"], values["amount_fen"], **rest)  # type: ignore[arg-type]


PAGES: dict[str, LoanStepPage] = {
    "plan_year": LoanStepPage(Plan, _plan),
    "release_year": LoanStepPage(LoanForm, lambda loan, draw, values, asked: drawing.release_year(draw.pk, **asked)),
    "confirm_draw": LoanStepPage(
        DayForm, lambda loan, draw, values, asked: drawing.confirm_draw(draw.pk, values["day"], **asked)
    ),
    "record_draw": LoanStepPage(Draw, _record_draw),
    "leave_out_months": LoanStepPage(
        LeaveOut,
        lambda loan, draw, values, asked: drawing.leave_out_months(draw.pk, values["months"], values["reason"], **asked),
    ),
    "not_drawn": LoanStepPage(
        ReasonForm, lambda loan, draw, values, asked: drawing.not_drawn(draw.pk, values["reason"], **asked)
    ),
    "record_contribution": LoanStepPage(Contribution, _record_contribution),
    "remind": LoanStepPage(Remind, lambda loan, draw, values, asked: contributing.remind(draw.pk, values["reason"], **asked)),
    "end_qualification": LoanStepPage(
        EndQualification, lambda loan, draw, values, asked: contributing.end_qualification(draw.pk, values["reason"], **asked)
    ),
    "match_subsidy": LoanStepPage(
        Match,
        lambda loan, draw, values, asked: contributing.match_subsidy(draw.pk, values["amount_fen"], values["day"], **asked),
    ),
    "suspend": LoanStepPage(Suspend, lambda loan, draw, values, asked: renewing.suspend(loan.pk, values["reason"], **asked)),
    "follow_up": LoanStepPage(
        FollowUp, lambda loan, draw, values, asked: following.follow_up(loan.pk, values["reason"], **asked)
    ),
    "withdraw": LoanStepPage(Withdraw, lambda loan, draw, values, asked: drawing.withdraw(loan.pk, values["reason"], **asked)),
}
