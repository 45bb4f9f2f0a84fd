"""What was decided about a case, in plain words: each decision, and for a refusal the rules it rests on."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhubao.cases.models import Case, Decision
from zhubao.cases.models.review import DecisionKind, Outcome
from zhubao.policies import judge_of
from zhubao.rules.policy import Clause, Policy
from zhubao.web.calculator.words import said, span_said
from zhubao.web.clerk.values import code_said

from .words import day_said, office_said

KINDS = {
    DecisionKind.LOAN: _("Whether you may have the loan"),
    DecisionKind.SUBSIDY: _("Whether the government pays the interest"),
    DecisionKind.COMMITTEE: _("What your village or neighbourhood says"),
    DecisionKind.DEEMED: _("Your early years of work"),
    DecisionKind.BANK: _("What the bank says"),
    DecisionKind.OBJECTION: _("Your objection"),
}
OUTCOMES = {
    Outcome.GRANTED: (_("yes, agreed"), "ok"),
    Outcome.REFUSED: (_("no, not agreed"), "bad"),
    Outcome.PENDING: (_("waits for a list"), "wait"),
    Outcome.BLOCKED: (_("waits until something has ended"), "wait"),
}


@dataclass(frozen=True)
class Ruling:
    """One decision: what about, how it went with the ground of the words, when, and why."""

    about: Any
    words: Any
    tone: str
    on: str
    reason: str


@dataclass(frozen=True)
class Rule:
    """A rule that is not met: its article, our label, what the record says, and where that comes from."""

    article: str
    label: str
    value: str
    source: str


@dataclass(frozen=True)
class Refusal:
    """Why a case was refused: the reason, by whom, and the rules not met, the one the refusal names first."""

    reason: str
    by: str
    rules: list[Rule]


def rulings_of(case: Case) -> list[Ruling]:
    """Return the latest decision of each kind, in the order in which they were made."""
    decisions = Decision.objects.filter(case=case, kind__in=KINDS).select_related("step").order_by("pk")
    latest = {decision.kind: decision for decision in decisions}
    return [
        Ruling(KINDS[DecisionKind(each.kind)], *OUTCOMES[Outcome(each.outcome)], day_said(each.step.on), each.reason)
        for each in latest.values()
    ]


def refusal_of(case: Case) -> Refusal | None:
    """Return why the last decision that refused did so; None where none did."""
    decision = (
        Decision.objects.filter(case=case, outcome=Outcome.REFUSED)
        .exclude(kind=DecisionKind.SUBSIDY)
        .select_related("snapshot", "step")
        .last()
    )
    if decision is None:
        return None
    policy = judge_of(case.policy_id).policy
    law = {identifier: clause for clause in policy.clauses for identifier in clause.ids}
    rows = decision.snapshot.result["clauses"] if decision.snapshot else []
    failed = [row for row in rows if row["verdict"] == "not_met" and row["id"] in law and _stands_alone(row, law[row["id"]])]
    if decision.clause in law and not any(row["id"] == decision.clause for row in failed):
        failed.append(next((row for row in rows if row["id"] == decision.clause), {"id": decision.clause}))
    failed.sort(key=lambda row: row["id"] != decision.clause)
    rules = [
        Rule(law[row["id"]].article, said(law[row["id"]].label), _value(row, law[row["id"]], policy), row.get("source") or "")
        for row in failed
    ]
    return Refusal(decision.reason, office_said(decision.step.role), rules)


def _stands_alone(row: dict[str, Any], clause: Clause) -> bool:
    """Tell whether a clause counts for the loan by itself: an alternative counts only in its group."""
    return row.get("part_of") is None and clause.decision != "subsidy"


def _value(row: dict[str, Any], clause: Clause, policy: Policy) -> str:
    """Return what the record said as people say it; "" where there is nothing to say."""
    value = row.get("value")
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, str):
        return code_said(value, policy)
    return span_said(value) if clause.unit == "months" else str(value) if clause.unit == "count" else ""
