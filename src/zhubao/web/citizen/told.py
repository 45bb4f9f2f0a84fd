"""What a person was told, with its kind and state in the page's language; the Chinese words stay the notice itself."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhubao.accounts.benefits.course import PROCESS as BENEFIT
from zhubao.accounts.transfers.course import PROCESS as TRANSFER
from zhubao.cases.models import Case, Step
from zhubao.cases.states import process_of
from zhubao.notices.models import Notice
from zhubao.web.calculator.words import language, said
from zhubao.workflow import Process

KINDS = {
    "case.state": gettext_lazy("About your application"),
    "deduction_failed": gettext_lazy("An instalment could not be deducted"),
    "verification": gettext_lazy("The yearly check of the interest subsidy"),
    "statement": gettext_lazy("Your statement is ready"),
    "loan.death": gettext_lazy("The borrower beside whom you signed has died"),
    "transfer": gettext_lazy("About moving your pension"),
    "benefit": gettext_lazy("About your resident pension"),
    "assistance": gettext_lazy("About your own part of the contribution"),
    "fraud": gettext_lazy("The examination of a suspected fraud"),
    "listing": gettext_lazy("The list of dishonest persons"),
}


@dataclass(frozen=True)
class Told:
    """One notice: what it is about and how that stood then, in the page's language ("" where the notice alone says it)."""

    notice: Notice
    about: str
    state: str


def told_of(notices: Iterable[Notice], case: Case | None = None) -> list[Told]:
    """Return notices as a page lists them, in their order; `case` is the application whose steps they may be about."""
    ends = dict(Step.objects.filter(case=case).values_list("number", "end")) if case is not None else {}
    return [Told(each, _about(each.kind), _state(each, case, ends)) for each in notices]


def foreign() -> bool:
    """Tell whether the page is in another language than the notices."""
    return language() != "zh"


def _about(kind: str) -> str:
    """Return what a kind is about, by its own name or by what stands before its dot."""
    return str(KINDS.get(kind) or KINDS.get(kind.partition(".")[0]) or _("A notice"))


def _state(notice: Notice, case: Case | None, ends: dict[int, str]) -> str:
    if notice.kind == "case.state" and case is not None:
        state = ends.get(int(notice.occasion)) if notice.occasion.isdecimal() else None
        return said(process_of(case.policy_id).state(state).label) if state else ""
    name = notice.occasion.partition("/")[0]
    if notice.kind == "transfer":
        return _label(TRANSFER, name)
    return _label(BENEFIT, {"grant": "granted", "refuse": "refused"}.get(name, "")) if notice.kind == "benefit" else ""


def _label(process: Process, name: str) -> str:
    return next((said(state.label) for state in process.states if state.name == name), "")
