"""From the form of a contribution on behalf to the verdict: can it be paid on behalf, by whom, how much does one pay, what is missing."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from zhubao.parameters import ParameterBook
from zhubao.parameters.names import declared
from zhubao.policies import judge_of
from zhubao.policies.answers import elsewhere
from zhubao.policies.judging import provisional
from zhubao.policies.register import clauses
from zhubao.rules.assessment import Assessment, ClauseRow, readable
from zhubao.rules.verdicts import Verdict

from .book import FigureUsed, figures_used
from .forms import UNSURE
from .loans import Big
from .programmes import OnBehalfPage
from .words import PAYERS, VERDICTS, language, said, yuan_said

_SCHEMES = {
    "here": "resident_pension",
    "city": "resident_pension",
    "away": "resident_pension",
    "none": "none",
    "employee": "employee_pension",
}


@dataclass(frozen=True)
class Law:
    """One clause of the sheet: article, label, value, verdict in words with its tone."""

    row: ClauseRow
    label: str
    remark: str
    value: str
    words: Any
    tone: str
    anchor: str

    @property
    def known(self) -> bool:
        """Whether the document's page has a place for the clause."""
        return bool(self.anchor)


@dataclass(frozen=True)
class Verdicts:
    """What the page of a contribution on behalf shows of one case."""

    judged: Assessment
    sentence: str
    tone: str
    big: list[Big]
    decisive: list[Law]
    clauses: list[Law]
    missing: list[tuple[str, str]]
    provisional: list[dict[str, str]]
    figures: list[FigureUsed]

    @property
    def made_up(self) -> bool:
        """Whether a figure of the demonstration was used."""
        return any(figure.demonstration for figure in self.figures)


def person_of(page: OnBehalfPage, values: dict[str, Any]) -> dict[str, Any]:
    """Return the record of the person a form describes. A list not ticked is not held; “I do not know” leaves the others open."""
    law = judge_of(page.id).policy
    ticked, insured = set(values["lists"]), values["insured"]
    open_ = None if UNSURE in ticked else False
    person: dict[str, Any] = {
        "birth": values["birth"],
        "scheme": _SCHEMES[insured],
        "identities": {code: True if code in ticked else open_ for code in law.identities},
    }
    for flag in page.asks:
        person[flag] = flag in values["flags"]
    if insured != "none":
        # Only pages of a municipality ask for another county of the city: its first district is one.
        another = {"city": f"{page.area_code[:2]}0101", "away": elsewhere(page.area_code)}
        person["insured_locality"] = another.get(insured, page.area_code)
    if values["tier"]:
        person["chosen_tier_fen"] = int(values["tier"]) * 100
    return person


def verdict_of(page: OnBehalfPage, values: dict[str, Any], book: ParameterBook) -> Verdicts:
    """Return the page's answer; raise what the judge refuses (a document past its term)."""
    judged = judge_of(page.id)(person_of(page, values), on=values["on"], book=book)
    places = {clause.id for clause in clauses(page.id)}
    facts = judged.compiled.policy.facts
    categories = {code: said(facts[f"identity_{code}"].label) for code in judged.compiled.policy.identities}
    laws = [_law(row, places, categories) for row in judged.clauses]
    whole = [law for law in laws if law.row.part_of is None]
    wanted = judged.outcome
    decisive = [law for law in whole if law.row.verdict is not Verdict.MET]
    names = ("setting.extended_to", "lowest_tier_yearly_fen")
    figures = [figure for figure in figures_used(names, values["on"], page.area_code, book) if figure.entry is not None]
    return Verdicts(
        judged,
        _sentence(judged),
        {Verdict.MET: "ok", Verdict.NOT_MET: "bad"}.get(wanted, "wait"),
        _big(judged),
        decisive,
        laws,
        [(said(each.label), said(each.remedy)) for each in judged.missing],
        [_named(row) for row in provisional(judged, language())],
        figures,
    )


def _law(row: ClauseRow, places: set[str], categories: dict[str, str]) -> Law:
    words, tone = VERDICTS[row.verdict.word]
    # One list among several is enough: not to stand on the others is nothing bad.
    tone = "" if row.part_of is not None and row.verdict is Verdict.NOT_MET else tone
    value = readable(row.value, row.unit)
    shown = yuan_said(row.value) if row.unit == "fen" and isinstance(row.value, int) else "" if isinstance(value, bool) else value
    return Law(
        row,
        said(row.label),
        said(row.remark) if row.remark else "",
        _value_said(shown, categories),
        words,
        tone,
        row.id if row.id in places else "",
    )


def _value_said(value: Any, categories: dict[str, str]) -> str:
    # The code of a place says nothing to its people; the form beside it does.
    if value is None or (isinstance(value, str) and len(value) == 6 and value.isdecimal()):
        return ""
    known = {
        **categories,
        "resident_pension": _("residents' pension"),
        "employee_pension": _("employees' pension"),
        "none": _("not insured"),
    }
    return known.get(str(value), str(value))


def _named(row: dict[str, str]) -> dict[str, str]:
    known = declared(row["question"])
    return {**row, "label": said(known.label) if known is not None else ""}


def _sentence(judged: Assessment) -> str:
    category = judged.category
    name = said(judged.compiled.policy.facts[f"identity_{category}"].label) if category else ""
    return {
        Verdict.MET: _("Paid on behalf as %(category)s.") % {"category": name},
        Verdict.NOT_MET: _("Under this document it is not paid on behalf."),
        Verdict.EVIDENCE_MISSING: _("Some evidence is missing."),
        Verdict.TO_BE_DECIDED: _("Somebody has yet to decide how the document is read."),
    }[judged.outcome]


def _big(judged: Assessment) -> list[Big]:
    amounts, payer = judged.amounts, judged.payer
    if judged.outcome is not Verdict.MET:
        return []
    return [
        Big(_("Paid on behalf"), yuan_said(amounts["on_behalf_fen"]), _("a year"), "ok"),
        Big(
            _("You pay"),
            yuan_said(amounts["self_pay_fen"]),
            _("for the tier of %(tier)s a year") % {"tier": yuan_said(amounts["tier_fen"])},
            "wait",
        ),
        Big(_("Paid by"), str(PAYERS.get(payer or "", "—")), _("your papers are checked on its list"), "info"),
    ]
