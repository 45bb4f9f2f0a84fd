"""What a budget may assume, as people type it: percentages, basis points, yuan."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from zhubao.errors import ZhubaoError
from zhubao.loans.states import PROCESSES
from zhubao.oversight.budget.assumptions import MOST_MONTHS, MOST_NEW, MOST_SHIFT_PPM, MOST_YEARS, Assumptions, NewLoans
from zhubao.policies import judge_of
from zhubao.web.banks.fields import percent
from zhubao.web.calculator.fields import MoneyField, TypedField, WholeField, plain
from zhubao.web.clerk.words import said

_SHARE = re.compile(r"(-?)(\d{1,3})(?:\.(\d{1,4}))?%?")
_STEP = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?[:：,，\s]+(\d{1,2}(?:\.\d{1,4})?)%?")
POINT_PPM = 100
WHOLE_PPM = 1_000_000


class ShareField(TypedField):
    """A percentage from `least` to `most`, as whole parts per million."""

    def __init__(self, least: int, most: int, **named: Any) -> None:
        super().__init__(inputmode="decimal", suffix="%", **named)
        self.least, self.most = least, most

    def read(self, text: str) -> int:
        """Return ppm; at most four decimals of a percent."""
        found = _SHARE.fullmatch(text)
        if found is None:
            raise ValidationError(_("Write a percentage, for example 2.5."))
        ppm = int(found[2]) * 10_000 + int((found[3] or "").ljust(4, "0"))
        ppm = -ppm if found[1] else ppm
        if not self.least <= ppm <= self.most:
            bounds = {"least": percent(abs(self.least)), "most": percent(self.most)}
            if self.least < 0:
                raise ValidationError(_("Write a percentage from -%(least)s to %(most)s."), params=bounds)
            raise ValidationError(_("Write a percentage from %(least)s to %(most)s."), params=bounds)
        return ppm

    def prepare_value(self, value: Any) -> Any:
        """Show whole ppm as percent; what was typed is shown as it was typed."""
        return percent(value) if isinstance(value, int) else value


class PathField(forms.CharField):
    """Rates from days on, one a line: "2027-01-01 3.1"."""

    widget = forms.Textarea(attrs={"rows": 3, "maxlength": "800"})

    def clean(self, value: Any) -> tuple[tuple[date, int], ...]:
        """Return days and ppm in order."""
        found = []
        for line in super().clean(value).splitlines():
            if not plain(line):
                continue
            step = _STEP.fullmatch(line.strip())
            if step is None:
                raise ValidationError(_("Write each line as day and percent: 2027-01-01 3.1"))
            whole, _point, rest = step[4].partition(".")
            try:
                day = date(int(step[1]), int(step[2]), int(step[3]))
            except ValueError as error:
                raise ValidationError(_("There is no such day: %(line)s"), params={"line": line.strip()}) from error
            found.append((day, int(whole) * 10_000 + int(rest.ljust(4, "0") or 0)))
        return tuple(sorted(found))


class AskForm(forms.Form):
    """A budget: years, and whatever is to be tried out."""

    note = forms.CharField(label=_("What for"), max_length=200, required=False)
    years = WholeField(1, MOST_YEARS, label=_("Years after this one"), initial=5)
    growth_ppm = ShareField(
        -WHOLE_PPM // 2, WHOLE_PPM // 2, label=_("Contribution tiers grow, percent a year"), required=False, initial=0
    )
    rate_points = WholeField(
        -MOST_SHIFT_PPM // POINT_PPM,
        MOST_SHIFT_PPM // POINT_PPM,
        label=_("Published rates higher or lower, basis points"),
        required=False,
    )
    rate_path = PathField(label=_("Or published rates from days on"), required=False, help_text=_("One a line: 2027-01-01 3.1"))
    losing_ppm = ShareField(0, WHOLE_PPM, label=_("Lose the hardship status, percent a year"), required=False)
    regaining_ppm = ShareField(0, WHOLE_PPM, label=_("Gain or regain it, percent a year"), required=False)
    deaths_ppm = ShareField(
        0,
        WHOLE_PPM,
        label=_("Deaths among borrowers, percent a year"),
        required=False,
        help_text=_("Empty: not assumed, no backstop."),
    )
    deaths_source = forms.CharField(
        label=_("Deaths: source and year"),
        max_length=300,
        required=False,
        help_text=_("It is an assumption and is shown as one."),
    )
    account_share_ppm = ShareField(
        0, WHOLE_PPM, label=_("Personal accounts cover, percent of the draws"), required=False, help_text=_("Empty: nothing.")
    )
    superior_share_ppm = ShareField(0, WHOLE_PPM, label=_("A higher level of finance bears, percent"), required=False)
    subsidy_fen = MoneyField(
        label=_("Contribution subsidy of a draw where none was paid before"), required=False, help_text=_("Tongling only.")
    )
    new_policy_id = forms.ChoiceField(label=_("New loans in the programme"), required=False)
    new_loans = WholeField(1, MOST_NEW, label=_("New loans a year"), required=False)
    new_months = WholeField(1, MOST_MONTHS, label=_("Months before the pension"), required=False)
    new_yearly_fen = MoneyField(label=_("Draw of a year"), required=False)
    new_certified_ppm = ShareField(0, WHOLE_PPM, label=_("Of them with hardship status, percent"), required=False)

    def __init__(self, today: date, place: str, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.today = today
        policies = [each for each in PROCESSES if place.startswith(judge_of(each).policy.region)] or list(PROCESSES)
        fields: dict[str, Any] = self.fields
        fields["new_policy_id"].choices = [("", "—"), *((each, said(judge_of(each).policy.title)) for each in policies)]

    def clean(self) -> dict[str, Any]:
        """Refuse halves of an assumption: deaths without a source, new loans without numbers, two kinds of rates."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("deaths_ppm") is not None and not values.get("deaths_source", "").strip():
            self.add_error("deaths_source", _("Name the source and its year, or assume no deaths."))
        if values.get("rate_points") and values.get("rate_path"):
            self.add_error("rate_path", _("Either points or rates of days, not both."))
        if values.get("new_loans") or values.get("new_policy_id"):
            for name in ("new_policy_id", "new_loans", "new_months", "new_yearly_fen"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, _("Needed for new loans."))
        if not self.errors:
            try:
                values["assumed"] = self._assumed(values)
            except ZhubaoError as error:
                self.add_error(None, said(error.problem))
        return values

    def _assumed(self, values: dict[str, Any]) -> Assumptions:
        new = None
        if values["new_loans"]:
            certified = values["new_certified_ppm"]
            new = NewLoans(
                values["new_policy_id"],
                values["new_loans"],
                values["new_months"],
                values["new_yearly_fen"],
                self.today.year + 1,
                WHOLE_PPM if certified is None else certified,
            )
        return Assumptions(
            years=values["years"],
            growth_ppm=values["growth_ppm"] or 0,
            rate_shift_ppm=(values["rate_points"] or 0) * POINT_PPM,
            rate_path=values["rate_path"],
            losing_ppm=values["losing_ppm"] or 0,
            regaining_ppm=values["regaining_ppm"] or 0,
            deaths_ppm=values["deaths_ppm"],
            account_share_ppm=values["account_share_ppm"] or 0,
            superior_share_ppm=values["superior_share_ppm"] or 0,
            subsidy_fen=values["subsidy_fen"],
            new_loans=new,
        )
