"""The two pages that ask nothing: what the records say, and what the loan would mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhubao.cases.models import Case
from zhubao.errors import ZhubaoError
from zhubao.evidence.facts import gather
from zhubao.evidence.figures import book_at
from zhubao.language import Text
from zhubao.policies import judge_of
from zhubao.policies.vocabulary import FACTS
from zhubao.rules.assessment import ClauseRow
from zhubao.rules.verdicts import Verdict
from zhubao.web.calculator.words import explained, said
from zhubao.web.middleware import CitizenRequest

from .asking import own_case, today
from .forecasts import outlook
from .sections import after
from .words import DEPARTMENTS, age_said, day_said, value_said

# What the page shows of a record, in this order; the key of a person's record and the fact whose label it carries.
SHOWN = {
    "scheme": "scheme",
    "participation_type": "participation_type",
    "insured_locality": "insured_locality",
    "paid_months": "paid_months",
    "deemed_months": "deemed_months",
    "deemed_confirmed": "deemed_confirmed",
    "back_payable_months": "back_payable_months",
    "retirement_category": "retirement_category",
    "receiving_pension": "receiving_pension",
    "hukou": "hukou",
    "disability_grade": "",
}
OTHER_LABELS = {"disability_grade": Text("残疾等级", "grade of disability")}
# What the application itself gives, or what only the loan itself will show.
NOT_OF_THE_RECORDS = frozenset(
    (
        "inability_declaration",
        "open_loan",
        "requested_months",
        "chosen_tier_fen",
        "children",
        "elected_month",
        "months_to_pension",
    )
)


@dataclass(frozen=True)
class Known:
    """One thing on record: what it is, what it says, and where that comes from."""

    label: str
    value: str
    source: str
    on: str = ""


@dataclass(frozen=True)
class Origin:
    """One source with everything known from it."""

    source: str
    on: str
    rows: list[Known]


@dataclass(frozen=True)
class Proof:
    """A kind of hardship that a department's list already shows."""

    code: str
    label: str
    by: str
    source: str


@require_GET
@own_case
def known(request: CitizenRequest, case: Case) -> HttpResponseBase:
    """Show what the records say of the person, with the source of each line, and where to have it put right."""
    on = today(request)
    facts = gather(case.person, case.policy_id, on)
    wanting, against = looked_at(request, case, facts)
    context = {
        "case": case,
        "origins": by_origin([*_of_the_person(case, on), *_of_the_records(facts), *_of_the_lists(facts, case)]),
        "wanting": wanting,
        "against": against,
        "onward": after("known", case, on),
    }
    return render(request, "citizen/known.html", context)


@require_GET
@own_case
def reckoned(request: CitizenRequest, case: Case) -> HttpResponseBase:
    """Show what would be borrowed, paid by the government, deducted and left, and whether the pension can carry it."""
    if case.closed_at is not None:
        return redirect("citizen:case", case.number)
    on = today(request)
    found, fault = None, ""
    try:
        found = outlook(case, on)
    except ZhubaoError as error:
        fault = explained(error)
    onward = after("forecast", case, on)
    return render(request, "citizen/forecast.html", {"case": case, "outlook": found, "fault": fault, "onward": onward})


def _of_the_person(case: Case, on: date) -> list[Known]:
    person = case.person
    number = _("identity card")
    return [
        Known(_("Name"), person.name, number),
        Known(_("Citizen number"), person.masked_number, number),
        Known(_("Age"), age_said(person.born, on), number),
    ]


def _of_the_records(facts: Mapping[str, Any]) -> list[Known]:
    rows = []
    for key, column in SHOWN.items():
        fact = facts.get(key)
        if fact is None:
            continue
        label = Text(*FACTS[column][1:3]) if column else OTHER_LABELS[key]
        on = day_said(date.fromisoformat(fact["on"])) if "on" in fact else ""
        rows.append(Known(said(label), value_said(key, fact["value"]), fact["source"], on))
    return rows


def _of_the_lists(facts: Mapping[str, Any], case: Case) -> list[Known]:
    return [Known(_("On a hardship list"), proof.label, proof.source) for proof in proofs_in(facts, case)]


def by_origin(rows: list[Known]) -> list[Origin]:
    """Return the rows grouped by source and day, in the order in which the sources first come."""
    groups: dict[tuple[str, str], list[Known]] = {}
    for row in rows:
        groups.setdefault((row.source, row.on), []).append(row)
    return [Origin(source, on, known) for (source, on), known in groups.items()]


def proofs_of(case: Case, on: date) -> list[Proof]:
    """Return the kinds of hardship that lists show for the person of a case."""
    return proofs_in(gather(case.person, case.policy_id, on), case)


def proofs_in(facts: Mapping[str, Any], case: Case) -> list[Proof]:
    """Return the kinds of hardship in facts already gathered."""
    law = judge_of(case.policy_id).policy
    proofs = []
    for code, identity in facts.get("identities", {}).items():
        if not identity.get("value"):
            continue
        fact = law.facts.get(f"identity_{code}")
        label = said(fact.label) if fact is not None else code
        certifier = identity.get("certifier", "")
        proofs.append(Proof(code, label, str(DEPARTMENTS.get(certifier, certifier)), identity.get("source", "")))
    return proofs


def looked_at(request: CitizenRequest, case: Case, facts: Mapping[str, Any]) -> tuple[list[dict[str, str]], list[ClauseRow]]:
    """Return what the records lack with who can show it, and the clauses they do not meet; what the form will give is passed over.

    This decides nothing: the agency looks again with everything the application says.
    """
    try:
        judged = judge_of(case.policy_id)(facts, on=today(request), book=book_at(request.now))
    except ZhubaoError:
        return [], []
    wanting = []
    for each in judged.missing:
        column = FACTS.get(each.fact)
        key = column[0] if column else each.fact
        if key not in NOT_OF_THE_RECORDS and not key.startswith(("identit", "loan.", "family")) and column is not None:
            wanting.append({"label": said(Text(column[1], column[2])), "remedy": said(each.remedy)})
    # Deemed months and whether they are confirmed are shown by the same paper.
    unique = {row["remedy"]: row for row in reversed(wanting)}
    against = [row for row in judged.clauses if row.verdict is Verdict.NOT_MET and row.part_of is None]
    return list(reversed(unique.values())), against
