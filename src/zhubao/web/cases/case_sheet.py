"""What the page of a case shows, read with a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.cases.completeness import lacking
from zhubao.cases.models import Attachment, Case, Decision, Step
from zhubao.cases.models.review import DecisionKind, Outcome
from zhubao.cases.papers import paper_of
from zhubao.cases.selectors import read_rows, standing_offer, steps_open_to
from zhubao.cases.states import process_of
from zhubao.errors import ZhubaoError
from zhubao.language import Language, Text
from zhubao.notices.selectors import notices_about
from zhubao.policies import judge_of
from zhubao.tasks.models import Task
from zhubao.tasks.selectors import tasks_about
from zhubao.web.clerk.words import language
from zhubao.web.documents.to_print import papers_to_print
from zhubao.workflow import Process, Transition, draw

from .copies import copies_sheet
from .due import due_of
from .forecasts import panel
from .queue import title_said
from .steps.framework import page_of
from .verdict import standing
from .words import OUTCOME_TONES, OUTCOMES, application_rows, state_tone

# While the form can be written in, the page says what it lacks.
FORM_STATES = ("draft", "returned")


@dataclass(frozen=True)
class StepShown:
    """One row of the history in words."""

    step: Step
    label: Text
    end: Text
    role: str


def case_sheet(case: Case, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return everything `cases/case.html` shows of a case to a post."""
    today = timezone.localdate(now)
    process = process_of(case.policy_id)
    read_rows(case)
    application = case.application
    history, decisions = list(case.steps.all()), list(case.decisions.all())
    offer = standing_offer(case)
    stands = standing(case, today, now)
    sheet = stands.sheet()
    open_steps, barred = _steps(case, process, actor)
    tasks = tasks_about(case.subject)
    return {
        **sheet,
        "decisions_said": sheet.get("decisions", []),
        "case": case,
        "policy": judge_of(case.policy_id).policy,
        "state": process.state(case.state),
        "tone": state_tone(case),
        "next": next(iter(open_steps), None),
        "others": open_steps[1:],
        "barred": barred,
        "may_fill": may_fill(case, actor),
        "lacks": lacking(case, application) if case.state in FORM_STATES else [],
        "waits": [(task, title_said(task.kind), due_of(task, today)) for task in tasks if task.closed_at is None],
        "done": [(task, title_said(task.kind), _in_time(task)) for task in tasks if task.closed_at is not None],
        "history": [_shown(process, step) for step in reversed(history)],
        "decisions": [decision_row(decision) for decision in decisions],
        "notices": notices_about(case.subject),
        "fields": application_rows(application),
        "family": list(case.family.all()),
        "papers": papers_shown(case.attachments.all()),
        "objections": list(case.objections.all()),
        "offer": offer,
        "forecast": panel(stands, application, offer, _subsidised(decisions, sheet)),
        "diagram": diagram(case, history),
        "copies": copies_sheet(case, actor),
        "to_print": papers_to_print(case, actor),
        "today": today,
    }


def forecast_sheet(case: Case, now: datetime) -> dict[str, Any]:
    """Return what the printed forecast of a case shows."""
    stands = standing(case, timezone.localdate(now), now)
    decisions = list(case.decisions.filter(kind=DecisionKind.SUBSIDY))
    offer = standing_offer(case)
    found = panel(stands, case.application, offer, _subsidised(decisions, stands.sheet()))
    return {"case": case, "policy": judge_of(case.policy_id).policy, "forecast": found, "offer": offer}


def may_fill(case: Case, actor: Actor) -> bool:
    """Tell whether a post may write in the form now."""
    row = process_of(case.policy_id).transition("submit")
    return case.state in row.start and actor.role in row.posts


def decision_row(decision: Decision) -> dict[str, Any]:
    """Return a decision with its outcome in words and its tone."""
    return {"decision": decision, "outcome": OUTCOMES[decision.outcome], "tone": OUTCOME_TONES[decision.outcome]}


def diagram(case: Case, history: Iterable[Step]) -> str:
    """Return the drawing of the course with the present state and those passed; its words are escaped where it is made."""
    return _drawn(case.policy_id, case.state, language(), frozenset(step.end for step in history))


@lru_cache(maxsize=512)
def _drawn(policy_id: str, state: str, tongue: Language, passed: frozenset[str]) -> SafeString:
    return mark_safe(draw(process_of(policy_id), state, tongue, passed=passed))


def _steps(case: Case, process: Process, actor: Actor) -> tuple[list[Transition], list[Transition]]:
    """Return the steps to offer, what waits first, and those of the post that stand open to somebody else only."""
    pages = {row.verb: page for row in process.leaving(case.state) if (page := page_of(case.policy_id, row.verb))}
    may = [row for row in steps_open_to(case, actor) if row.verb in pages and pages[row.verb].offered(case)]
    barred = [row for row in process.open_to(case.state, actor.role) if row.waits and row not in may and row.verb in pages]
    return sorted(may, key=lambda row: not row.waits), barred


def _shown(process: Process, step: Step) -> StepShown:
    try:
        label = process.transition(step.verb).label
    except ZhubaoError:
        label = Text(step.verb, step.verb)
    role = str(Role(step.role).label) if step.role in Role.values else _("applicant") if step.role == "citizen" else _("system")
    return StepShown(step, label, process.state(step.end).label, role)


def _in_time(task: Task) -> bool | None:
    """Tell whether a task was done by its day; None for one without."""
    if task.due_on is None or task.closed_at is None:
        return None
    return timezone.localdate(task.closed_at) <= task.due_on


def papers_shown(papers: Iterable[Attachment]) -> list[tuple[Text, Attachment]]:
    """Return the papers that were not taken away, each with what it is called."""
    return [(paper_of(each.kind).label, each) for each in papers if each.removed_at is None]


def _subsidised(decisions: list[Decision], sheet: dict[str, Any]) -> bool | None:
    """Return whether the interest is subsidised: as decided, else as the verdict stands."""
    decided = next((each for each in reversed(decisions) if each.kind == DecisionKind.SUBSIDY), None)
    if decided is not None and decided.outcome in (Outcome.GRANTED, Outcome.REFUSED):
        return decided.outcome == Outcome.GRANTED
    return sheet.get("subsidy_met")
