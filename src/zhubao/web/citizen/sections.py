"""The sections of the form: which apply to a case, which are filled in, and which comes next."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhubao.calendars import FOURTH_QUARTER
from zhubao.cases.completeness import Lack, lacking
from zhubao.cases.models import Application, Case
from zhubao.cases.models.case import Route

from .programmes import PROGRAMMES

TITLES = {
    "known": _("What we already know about you"),
    "hardship": _("Your hardship"),
    "family": _("The people you live with"),
    "committee": _("Your village or neighbourhood"),
    "bank": _("The bank you apply to"),
    "plan": _("How much and for how long"),
    "children": _("Your children"),
    "gaps": _("Months to pay back"),
    "deemed": _("Early years of work"),
    "contact": _("How we reach you"),
    "late": _("Why you apply now"),
    "papers": _("Your papers"),
    "declarations": _("What you declare"),
    "forecast": _("What the loan would mean"),
}
OWN_PAGES = frozenset({"known", "family", "papers", "forecast"})
# Where a missing answer is given.
PLACE_OF = {
    "phone": "contact",
    "category": "hardship",
    "committee": "committee",
    "bank": "bank",
    "tier_fen": "plan",
    "years_asked": "plan",
    "inability_declared_on": "declarations",
    "truth_declared_on": "declarations",
    "sharing_agreed_on": "declarations",
}
DONE, TO_DO, OPTIONAL, TO_READ = "done", "to_do", "optional", "to_read"
WORDS = {
    DONE: (_("filled in"), "ok"),
    TO_DO: (_("to be filled in"), "wait"),
    OPTIONAL: (_("if it applies"), "info"),
    TO_READ: (_("please read"), "info"),
}


@dataclass(frozen=True)
class Line:
    """One section in the list of a case: its page and how it stands."""

    name: str
    title: Any
    address: str
    state: str

    @property
    def words(self) -> Any:
        """How it stands, in words."""
        return WORDS[self.state][0]

    @property
    def tone(self) -> str:
        """The ground of the words."""
        return WORDS[self.state][1]


def names_of(case: Case, on: date) -> list[str]:
    """Return the sections of a case in their order; why it comes late only outside the window, gaps only where they are paid."""
    asked = {"late": outside_window(case, on), "gaps": case.route == Route.BACK_PAYMENT}
    return [name for name in PROGRAMMES[case.policy_id].sections if asked.get(name, True)]


def outside_window(case: Case, on: date) -> bool:
    """Tell whether a Rugao application needs a reason that an official accepts (the window is the fourth quarter)."""
    if case.policy_id != "rugao-draft" or case.route == Route.FINAL_YEAR:
        return False
    return not FOURTH_QUARTER.contains(case.filed_on or on)


def lines_of(case: Case, application: Application, on: date) -> list[Line]:
    """Return the task list of a case."""
    wanting = {PLACE_OF[lack.field] for lack in lacking(case, application) if lack.field in PLACE_OF}
    optional = PROGRAMMES[case.policy_id].optional
    lines = []
    for name in names_of(case, on):
        if name in ("known", "forecast"):
            state = TO_READ
        elif name in wanting or (name == "late" and not application.late_reason):
            state = TO_DO
        elif name in optional and not _given(name, case, application):
            state = OPTIONAL
        else:
            state = DONE
        lines.append(Line(name, TITLES[name], address_of(name, case), state))
    return lines


def _given(name: str, case: Case, application: Application) -> bool:
    if name == "family":
        return case.family.exists()
    if name == "papers":
        return case.attachments.filter(removed_at=None).exists()
    column = {"hardship": "category", "children": "children", "gaps": "back_payable_months", "deemed": "deemed_months_claimed"}
    return getattr(application, column[name]) not in (None, "")


def address_of(name: str, case: Case) -> str:
    """Return the address of a section's page."""
    if name in OWN_PAGES:
        return reverse(f"citizen:{name}", args=[case.number])
    return reverse("citizen:section", args=[case.number, name])


def after(name: str, case: Case, on: date) -> str:
    """Return the address of the page after a section: the next one, or the answers to be checked."""
    names = names_of(case, on)
    place = names.index(name) + 1 if name in names else len(names)
    return address_of(names[place], case) if place < len(names) else reverse("citizen:check", args=[case.number])


def missing(case: Case, application: Application, on: date) -> list[tuple[Lack, str]]:
    """Return what is missing with the page where it is given, the signature left out: it comes last."""
    lacks = [lack for lack in lacking(case, application) if lack.field in PLACE_OF]
    return [(lack, address_of(PLACE_OF[lack.field], case)) for lack in lacks]
