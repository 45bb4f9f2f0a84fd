"""What the policy says of a case: today, or as it was when a decision was made."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from zhubao.cases.actions.verdicts import stated_facts
from zhubao.cases.models import Case
from zhubao.errors import ZhubaoError
from zhubao.evidence.facts import facts_of, laid_over, wanted_by
from zhubao.evidence.figures import book_at
from zhubao.evidence.held import Held, hold_one
from zhubao.evidence.models import Snapshot
from zhubao.evidence.selectors import replay
from zhubao.parameters import ParameterBook
from zhubao.policies import judge_of
from zhubao.web.clerk.people import clause_sheet
from zhubao.web.clerk.words import explained


@dataclass(frozen=True)
class Standing:
    """What is on record of a case's person today, as the registers have it and with what the case states, and the figures known now."""

    case: Case
    on: date
    held: Held
    facts: dict[str, Any]
    book: ParameterBook

    def sheet(self) -> dict[str, Any]:
        """Return the clause sheet for `clerk/clauses.html`; `unjudged` says why there is none."""
        try:
            found = judge_of(self.case.policy_id)(self.facts, on=self.on, book=self.book)
            return {**clause_sheet(found), "subsidy_met": {"met": True, "not_met": False}.get(found.decisions.get("subsidy", ""))}
        except ZhubaoError as error:
            return {"unjudged": explained(error)}


def standing(case: Case, today: date, now: datetime) -> Standing:
    """Gather the evidence of a case as things stand, without keeping anything."""
    held = hold_one(case.person, wanted_by(case.policy_id), today)
    known = facts_of(held, case.policy_id, today)
    return Standing(case, today, held, laid_over(known, stated_facts(case, today, known=known)), book_at(now))


def sheet_now(case: Case, today: date, now: datetime) -> dict[str, Any]:
    """Return the clause sheet as things stand."""
    return standing(case, today, now).sheet()


def sheet_then(snapshot: Snapshot) -> dict[str, Any]:
    """Return the clause sheet of a snapshot, judged again from its frozen facts."""
    return clause_sheet(replay(snapshot))
