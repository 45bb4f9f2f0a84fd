"""The document a reckoning follows, and the days and limits it keeps: dated settings, each with its default."""

from datetime import date
from typing import Any, Final

from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.parameters import ParameterBook
from zhubao.parameters.questions import settings
from zhubao.policies.claims import implements
from zhubao.policies.yearly_plan import YearlyPlan, yearly_plan_of
from zhubao.programmes.selectors import area_of_region

from ..dates import LATE, SELF_PAY, plan_day
from ..models import PlanRun

LATE_ENTRY_DAYS: Final = "assistance_late_entry_days"
LOSS_PERCENT: Final = "assistance_loss_percent"
EVIDENCE_DAYS: Final = "assistance_evidence_days"


def document_of(policy_id: str) -> YearlyPlan:
    """Return what a document makes of failed clauses; raise E-PLAN-POLICY for one that pays nothing on behalf."""
    plan = yearly_plan_of(policy_id)
    if plan is None:
        raise ZhubaoError(
            "E-PLAN-POLICY", Text("该文件没有代缴", "this document pays no contributions on behalf"), place=policy_id
        )
    return plan


@implements("ps-2.2e", "ps-2.2k", "ps-2.2l", as_="feature")
def due_days(run: PlanRun, book: ParameterBook) -> dict[str, Any]:
    """Return by when the own part of a row is to be paid, as values of the queries.

    Whoever is on the list `late_days` or more before `due` has until then, everybody else, and who has nothing to pay, until `late`;
    a document without a day for the own part has only the latter. Raise E-SETTING-VALUE.
    """
    year, area = run.plan.year, area_of_region(run.plan.region_code)
    late = plan_day(LATE, year, area, book).due_on
    named = document_of(run.plan.policy_id).self_pay_due
    return {
        "late": late,
        "due": plan_day(SELF_PAY, year, area, book).due_on if named else late,
        "late_days": number_of(LATE_ENTRY_DAYS, run.as_of, area, book) if named else 0,
        "due_rule": "ps-2.2e" if named else LATE,
        "late_rule": "ps-2.2l" if named else LATE,
    }


def number_of(name: str, on: date, area: str, book: ParameterBook) -> int:
    """Return a setting that is a whole number, by its name or by the open question it answers; raise E-SETTING-VALUE for anything else."""
    declared = settings()[name]
    entry = book.find(f"setting.{name}", on, area)
    if entry is None and declared.question.startswith("A-PS-"):
        entry = book.find(f"setting.{declared.question}", on, area)
    value = str(entry.value) if entry else declared.value
    if not (value.isascii() and value.isdecimal() and len(value) <= 3):
        problem = Text(f"应为 0 到 999 的整数，不是“{value}”", f"a whole number from 0 to 999, not {value!r}")
        raise ZhubaoError("E-SETTING-VALUE", problem, place=entry.place if entry and entry.place else name)
    return int(value)
