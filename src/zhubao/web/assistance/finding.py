"""Who may open these pages, what an address asks for, and the words for the codes of a plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from zhubao.access.models import Region
from zhubao.access.roles import Role
from zhubao.assistance.models import ChangeKind, PlanRow
from zhubao.assistance.models.row import Channel, PlanRowQuerySet
from zhubao.assistance.states import process_of
from zhubao.policies import judge_of
from zhubao.screening.reasons import DEPARTMENTS, contrary
from zhubao.web.clerk.words import said
from zhubao.web.navigation import Label

READING_ROLES: Final = frozenset(
    {
        Role.AGENCY_INTAKE,
        Role.AGENCY_REVIEWER,
        Role.AGENCY_APPROVER,
        Role.AGENCY_ACCOUNTANT,
        Role.CERTIFIER,
        Role.FINANCE_CLERK,
        Role.TAX_CLERK,
        Role.TOWNSHIP_CLERK,
        Role.COMMITTEE_MEMBER,
        Role.HRSS_SUPERVISOR,
        Role.AUDITOR,
    }
)
COUNTY_ROLES: Final = READING_ROLES - {Role.CERTIFIER, Role.TOWNSHIP_CLERK, Role.COMMITTEE_MEMBER}
"""Who reads what is about the whole county: reckonings, their changes, what-ifs."""
PLANNING_ROLES: Final = frozenset({Role.AGENCY_REVIEWER})
PUBLISHING_ROLES: Final = frozenset({Role.AGENCY_APPROVER})
STATE_TONES: Final = {
    "planned": "info",
    "rostered": "wait",
    "matched": "wait",
    "excluded": "",
    "cancelled": "",
    "credited": "ok",
    "refunded": "ok",
    "closed_out": "ok",
}
UNSETTLED: Final = ("rostered", "matched", "planned")
WAITING, LATE = "waiting", "late"


@dataclass(frozen=True)
class Wanted:
    """The rows an address asks for; an empty part asks for all of them. `also`: evidence missing, or past the day."""

    state: str = ""
    category: str = ""
    payer: str = ""
    channel: str = ""
    place: str = ""
    clause: str = ""
    also: str = ""

    @property
    def query(self) -> dict[str, str]:
        """The parts of an address that asks for them."""
        return {name: getattr(self, name) for name in ("state", "category", "payer", "channel", "place", "clause", "also")}

    def within(self, rows: PlanRowQuerySet, today: date) -> PlanRowQuerySet:
        """Return the rows it keeps."""
        for name in ("state", "category", "payer", "channel"):
            if value := getattr(self, name):
                rows = rows.filter(**{name: value})
        if self.place:
            rows = rows.filter(region_code__startswith=self.place)
        if self.clause:
            rows = rows.filter(failed__contains=[self.clause])
        if self.also == WAITING:
            rows = rows.filter(state__in=UNSETTLED).exclude(unknown=[])
        if self.also == LATE:
            rows = rows.filter(state="planned", due_on__lt=today, self_pay_fen__gt=0)
        return rows


def wanted_in(values: QueryDict, policy_id: str) -> Wanted:
    """Return what an address asks for; a word that names nothing is passed over."""
    policy = judge_of(policy_id).policy
    known = {
        "state": [state.name for state in process_of(policy_id).states],
        "category": list(policy.identities),
        "payer": list(DEPARTMENTS),
        "channel": list(Channel.values),
        "clause": [clause.id for clause in policy.judged(with_contract=False)],
        "also": [WAITING, LATE],
    }
    asked = {name: value for name, words in known.items() if (value := values.get(name, "")) in words}
    place = values.get("place", "")
    return Wanted(**asked, place=place if place.isascii() and place.isdecimal() and len(place) <= 12 else "")


def category_said(policy_id: str, code: str) -> Label:
    """Return a category in words; a dash for none."""
    identities = judge_of(policy_id).policy.identities
    return said(identities[code].label) if code in identities else code or "—"


def payer_said(code: str) -> Label:
    """Return a paying department in words; a dash for none."""
    return said(DEPARTMENTS[code]) if code in DEPARTMENTS else "—"


def clauses_said(policy_id: str, ids: Iterable[str]) -> list[tuple[str, Label]]:
    """Return clauses by id with their labels in the page's language."""
    by_id = {clause.id: clause for clause in judge_of(policy_id).policy.judged(with_contract=False)}
    return [(each, said(by_id[each].label)) for each in ids if each in by_id]


def reason_said(row: PlanRow) -> str:
    """Return in Chinese why a row is not paid for, for lists handed to offices."""
    if row.because:
        return row.because
    by_id = {clause.id: clause for clause in judge_of(row.plan.policy_id).policy.judged(with_contract=False)}
    waiting = [by_id[each].label.zh for each in row.unknown if each in by_id]
    failed = [contrary(by_id[each]) for each in row.failed if each in by_id]
    return "；".join([*failed, *(f"待核实：{words}" for words in waiting)])


def places_of(codes: Iterable[str]) -> dict[str, str]:
    """Return names of places by code."""
    return dict(Region.objects.filter(code__in=set(codes)).values_list("code", "name"))


def shown(row: PlanRow, places: dict[str, str]) -> dict[str, Any]:
    """Return a row as lists show it."""
    state = process_of(row.plan.policy_id).state(row.state)
    return {
        "row": row,
        "state": said(state.label),
        "tone": STATE_TONES.get(row.state, "info"),
        "category": category_said(row.plan.policy_id, row.category),
        "payer": payer_said(row.payer),
        "place": places.get(row.region_code) or places.get(row.region_code[:9]) or row.region_code,
        "missing": bool(row.unknown) and row.state in UNSETTLED,
    }


def change_value(policy_id: str, kind: str, value: str, places: dict[str, str]) -> Label:
    """Return one side of a change in words."""
    if not value:
        return "—"
    if kind in (ChangeKind.TIER, ChangeKind.AMOUNT):
        return f"{int(value) // 100:,}.{int(value) % 100:02} {_('yuan')}"
    if kind == ChangeKind.PAYER:
        return payer_said(value)
    if kind == ChangeKind.MOVED:
        return places.get(value, value)
    identities = judge_of(policy_id).policy.identities
    if value in identities:
        return category_said(policy_id, value)
    states = {state.name: state.label for state in process_of(policy_id).states}
    if value in states:
        return said(states[value])
    clauses = clauses_said(policy_id, value.split())
    return "; ".join(f"{each} {label}" for each, label in clauses) if clauses else value
