"""What somebody answered about themself as the record a document judges, and which of its clauses decide. Nothing unanswered is said."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from zhubao.rules.assessment import Assessment, ClauseRow
from zhubao.rules.verdicts import Verdict

# Counties of two provinces: whatever the county asked about, one of them lies in another province.
_FAR_APART = ("110101", "310101")
SCHEMES = {"none": "none", "resident": "resident_pension", "employee": "employee_pension"}
DECISIVE = 3


@dataclass(frozen=True)
class Answers:
    """What was answered; None and "" are not. `lists` are the categories ticked, `unsure` that there may be others; months are counts."""

    birth: str
    category: str = ""
    scheme: str = ""
    paid_months: int | None = None
    lists: frozenset[str] = frozenset()
    unsure: bool = False
    local: bool | None = None
    unemployed: bool | None = None
    subsidy: bool | None = None


def record_of(answers: Answers, area_code: str, categories: Collection[str]) -> dict[str, Any]:
    """Return the record that `judge_of(policy)` takes: what was answered, nothing that was not."""
    other = None if answers.unsure else False
    record: dict[str, Any] = {
        "birth": answers.birth,
        "identities": {code: True if code in answers.lists else other for code in categories},
        "receiving_pension": False,
        "social_insurance_subsidy": answers.subsidy,
        "unemployment_registered": answers.unemployed,
        "still_unemployed": answers.unemployed,
    }
    if answers.category:
        record |= {"retirement_category": answers.category, "sex": "male" if answers.category == "male60" else "female"}
    if answers.scheme:
        record["scheme"] = SCHEMES[answers.scheme]
        if answers.scheme != "none":
            record["insured_locality"] = area_code
    if answers.scheme == "employee":
        record |= {"participation_type": "flexible", "paid_months": answers.paid_months, "deemed_months": 0}
    if answers.local is not None:
        record["hukou"] = area_code if answers.local else elsewhere(area_code)
    return {key: value for key, value in record.items() if value is not None}


def elsewhere(area_code: str) -> str:
    """Return the code of a county in another province than `area_code`, for a household that is registered elsewhere."""
    return next(code for code in _FAR_APART if code[:2] != area_code[:2])


def decisive(judged: Assessment) -> list[ClauseRow]:
    """Return the clauses that decide, at most three: those not met, else the first that give the help."""
    rows = [row for row in judged.clauses if row.part_of is None]
    failed = [row for row in rows if row.verdict is Verdict.NOT_MET]
    return (failed or [row for row in rows if row.verdict is Verdict.MET and not row.id.startswith("A-")])[:DECISIVE]
