"""Words and tones of cases: states, outcomes, fields of the form."""

from typing import Final

from django.utils.formats import date_format
from django.utils.translation import pgettext_lazy

from zhubao.cases.models import Application, Case
from zhubao.cases.states import process_of
from zhubao.policies import judge_of
from zhubao.web.calculator.words import yuan_said
from zhubao.web.clerk.words import said
from zhubao.web.navigation import Label

from .intake_forms import ApplicationForm

OUTCOMES: Final[dict[str, Label]] = {
    "granted": pgettext_lazy("decision", "granted"),
    "refused": pgettext_lazy("decision", "refused"),
    "pending": pgettext_lazy("decision", "pending"),
    "blocked": pgettext_lazy("decision", "blocked"),
}
OUTCOME_TONES: Final = {"granted": "ok", "refused": "bad", "pending": "wait", "blocked": "wait"}
SHOWN_FIELDS: Final = (
    "category", "certificate", "phone", "address", "former_employer", "months_asked", "amount_asked_fen", "years_asked", "tier_fen",
    "back_payable_months", "deemed_months_claimed", "children", "inability_declared_on", "truth_declared_on", "sharing_agreed_on",
    "subsidy_waived_on", "signed_on", "signed_how", "late_reason",
)  # fmt: skip


def state_said(case: Case) -> str:
    """Return the state of a case in words."""
    return said(process_of(case.policy_id).state(case.state).label)


def state_tone(case: Case) -> str:
    """Return the tone of a state: ended well, ended otherwise, or under way."""
    state = process_of(case.policy_id).state(case.state)
    if not state.final:
        return "wait" if case.state in ("returned", "blocked", "bank_refused", "objection") else "info"
    return "ok" if case.state in ("agreed", "contracted") else "bad" if case.state == "rejected" else ""


def application_rows(application: Application) -> list[tuple[Label, str]]:
    """Return the filled fields of the form, each with its name."""
    rows: list[tuple[Label, str]] = []
    for name in SHOWN_FIELDS:
        value = getattr(application, name)
        if value in (None, ""):
            continue
        label = ApplicationForm.base_fields[name].label
        if name == "category":
            value = category_said(application.case, str(value))
        elif name == "signed_how":
            value = application.get_signed_how_display()
        elif name == "phone":
            value = masked_phone(str(value))
        elif name.endswith("_fen"):
            value = yuan_said(int(value))
        elif name.endswith("_on"):
            value = date_format(value, "Y-m-d")
        rows.append((label, str(value)))
    return rows


def masked_phone(number: str) -> str:
    """Return a telephone number with its middle starred."""
    return f"{number[:3]}****{number[-4:]}" if len(number) > 7 else "****"


def category_said(case: Case, code: str) -> str:
    """Return an identity of the policy in words; the code where the policy has none of it."""
    identity = judge_of(case.policy_id).policy.identities.get(code)
    return said(identity.label) if identity is not None else code
