"""The ways side by side: the employees' scheme, the residents' at some tiers, the insurance subsidy, on behalf, by loan."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from zhubao.accounts.subsidies.table import SubsidyTable
from zhubao.errors import ZhubaoError
from zhubao.parameters import ParameterBook
from zhubao.parameters.names import declared
from zhubao.pension.schemes_compared import Person, Reckoning, employee, latest, resident, share_of_income, tiers_shown
from zhubao.policies import judge_of
from zhubao.policies.answers import Answers, decisive, record_of
from zhubao.policies.claims import implements
from zhubao.policies.register import clause
from zhubao.programmes.selectors import extended_to, past_term
from zhubao.rules.assessment import Assessment
from zhubao.rules.verdicts import Verdict
from zhubao.web.calculator.book import made_up
from zhubao.web.calculator.words import explained, month_said, months_said, rate_said, said, span_said, yuan_said, yuan_short

from .forms import UNSURE
from .places import Place


class Law(NamedTuple):
    """A clause a statement rests on: document, id, article, in our own words."""

    policy: str
    id: str
    article: str
    label: str


class Help(NamedTuple):
    """A help that pays part of a way: in words, what it pays a year (None: not known), its clause."""

    words: str
    fen: int | None
    law: Law | None


@dataclass
class Way:
    """One way as a column shows it; None cannot be known.

    `tone` and `verdict`: whether it is open to the person (ok, bad, wait, info) in a word, `sentence` why. `cost_fen` is one's own part
    a year, `missing` what would have to be known, `address` where the same case is calculated in full.
    """

    name: str
    title: str
    verdict: str
    tone: str
    sentence: str
    cost_fen: int | None = None
    cost_said: str = ""
    helps: list[Help] = field(default_factory=list)
    pension_fen: int | None = None
    pension_said: str = ""
    pays_back: str = ""
    inputs: list[tuple[str, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    laws: list[Law] = field(default_factory=list)
    address: str = ""
    share: str = ""


@dataclass(frozen=True)
class Guidance:
    """Everything the page shows of one case; `figures` are label, value, source and a mark of each figure used."""

    ways: list[Way]
    guides: list[Law]
    figures: list[tuple[str, str, str, str]]

    @property
    def made_up(self) -> bool:
        """Whether a figure of the demonstration was used."""
        return any(mark == "demonstration" for _label, _value, _source, mark in self.figures)


@implements("ps-3.3b", "gz-1e", "gz-1f", "gz-3b", "gz-3c", as_="feature")
def guidance(place: Place, values: dict[str, Any], book: ParameterBook, subsidies: SubsidyTable | None = None) -> Guidance:
    """Return the ways of a valid form, the employees' scheme first; `subsidies` is the place's table by tier, where it has one."""
    person = person_of(values)
    used: list[Any] = []
    ways = [_employee(place, person, values, book, used)]
    on_behalf, paid_fen = _on_behalf(place, values, book)
    ways += _residents(place, person, paid_fen, book, used, subsidies)
    ways += [_subsidy(place, values), on_behalf, _loan(place, person, values, book)]
    for way in ways:
        way.share = share_said(way.cost_fen, person.income_fen)
    return Guidance(ways, [law_of(*each) for each in place.guides], _figures(used))


def person_of(values: dict[str, Any]) -> Person:
    """Return what a valid form says of the person; months not given are none only for whoever is in no scheme."""
    years, months = values.get("paid_years"), values.get("paid_months")
    paid = None if years is None and months is None else 12 * (years or 0) + (months or 0)
    scheme = values["scheme"] or None
    return Person(
        values["birth"], values["on"], values["category"] or None, scheme, 0 if scheme == "none" else paid, values.get("income")
    )


def answers_of(values: dict[str, Any]) -> Answers:
    """Return what a valid form answers of what the documents ask."""
    person = person_of(values)
    said_yes = {"yes": True, "no": False}
    return Answers(
        values["birth"],
        person.category or "",
        person.scheme or "",
        person.paid_months,
        frozenset(values["lists"]) - {UNSURE},
        UNSURE in values["lists"],
        *(said_yes.get(values[name]) for name in ("local", "unemployed", "subsidy")),
    )


def law_of(policy: str, clause_id: str) -> Law:
    """Return a clause of the register as a page names it."""
    found = clause(clause_id)
    return Law(policy, clause_id, found.article, said(found.label))


def share_said(cost_fen: int | None, income_fen: int | None) -> str:
    """Return what share of the income a way costs; "" where either is not known."""
    tenths = share_of_income(cost_fen, income_fen)
    if tenths is None:
        return ""
    return _("%(percent)s %% of your income") % {"percent": f"{tenths // 10}.{tenths % 10}"}


def _employee(place: Place, person: Person, values: dict[str, Any], book: ParameterBook, used: list[Any]) -> Way:
    found = employee(person, place.area_code, place.province, book)
    used += found.used
    way = Way(
        "employee", _("Employees' pension, flexible"), _("open to you"), "ok", _("Everybody who works flexibly may join here.")
    )
    if values["local"] == "no":
        way.sentence = _("A household registered elsewhere does not stand in the way: one joins where one works.")
    if place.id == "ganzhou":
        way.laws = [law_of("ganzhou-2021-7", "gz-3b")]
    _fill(way, found)
    if found.short:
        way.verdict, way.tone = _("too few months"), "wait"
        lack = {"short": months_said(found.short), "needed": months_said(_count(found, "required_months"))}
        way.sentence = _("At the statutory age %(short)s would be lacking of %(needed)s: there is no monthly pension yet.") % lack
    return way


def _residents(
    place: Place, person: Person, on_behalf_fen: int, book: ParameterBook, used: list[Any], subsidies: SubsidyTable | None
) -> list[Way]:
    """Return the lowest, a middle and the highest tier of the place; what is paid on behalf lowers each."""
    chosen, lowest = tiers_shown(place.area_code, f"{place.area_code[:2]}0000", person.on, on_behalf_fen, book)
    if lowest is not None:
        used.append(lowest)
    if not chosen:
        label = said(declared("tier_yearly_fen").label)  # type: ignore[union-attr]
        return [Way("resident", _("Residents' pension"), _("evidence missing"), "wait", "", missing=[label])]
    ways = []
    for tier in chosen:
        own = max(0, tier - on_behalf_fen)
        added = subsidies.subsidy(tier, person.on).fen if subsidies is not None else None
        found = resident(person, place.area_code, tier, own, added or 0, book)
        if tier == chosen[0]:
            used += found.used
        way = Way(
            f"resident-{tier // 100}",
            _("Residents' pension, tier of %(tier)s") % {"tier": yuan_short(tier)},
            _("open to you"),
            "ok",
            _("From 16 on, without work; not beside the employees' scheme in the same months."),
        )
        if place.id == "ganzhou":
            way.laws = [law_of("ganzhou-2021-7", "gz-3c")]
        if on_behalf_fen:
            way.helps.append(Help(_("paid on behalf"), min(tier, on_behalf_fen), None))
        way.helps.append(Help(_("the government's subsidy of this tier, by the local table"), added, None))
        if added is None:
            way.missing.append(_("the place's subsidies by tier: without them the account is counted lower"))
        _fill(way, found)
        ways.append(way)
    return ways


def _fill(way: Way, found: Reckoning) -> None:
    """Put a reckoning into a column: cost, pension with each input, when it pays back."""
    way.cost_fen = found.yearly_fen
    if found.yearly_fen is not None and found.months_left is not None:
        way.cost_said = _("a year, for %(time)s") % {"time": span_said(found.months_left)}
    way.pension_fen = found.pension_fen
    if found.pension_month is not None:
        way.pension_said = _("a month from %(month)s") % {"month": month_said(_number(found.pension_month))}
    back = found.pays_back_months(found.paid_fen)
    if back is not None:
        way.pays_back = _("after %(time)s of pension") % {"time": span_said(back)}
    way.inputs = _inputs(found)
    way.missing += [_fact_said(name) for name in found.lacks]
    if found.lacks and way.tone == "ok":
        way.verdict, way.tone = _("open to you, figures missing"), "wait"


def _inputs(found: Reckoning) -> list[tuple[str, str]]:
    labels = {
        "paid_months": _("months paid so far"),
        "required_months": _("months a pension needs"),
        "account_start_fen": _("account now, estimated"),
        "account_fen": _("account at the pension"),
        "rate_ppm": _("interest of the account a year"),
        "index": _("contribution index"),
        "calc_base_fen": _("base of the formula, a month"),
        "basic_pension_fen": _("basic pension, a month"),
        "subsidy_fen": _("subsidy counted, a year"),
    }
    rows = [(_("paid of one's own until then"), yuan_said(found.paid_fen))] if found.paid_fen is not None else []
    for name, value in found.inputs.items():
        if name.endswith("_fen") and isinstance(value, int):
            rows.append((labels[name], yuan_said(value)))
        elif name == "rate_ppm" and isinstance(value, int):
            rows.append((labels[name], rate_said(value) if value else _("not known: none counted")))
        elif name.endswith("_months") and isinstance(value, int):
            rows.append((labels[name], months_said(value)))
        else:
            rows.append((labels[name], str(value)))
    if found.estimate is not None:
        rows.append((_("months the account is divided by"), str(found.estimate.divisor)))
        rows.append((_("basic part"), yuan_said(found.estimate.basic_fen)))
        rows.append((_("account part"), yuan_said(found.estimate.account_fen)))
    return rows


def _subsidy(place: Place, values: dict[str, Any]) -> Way:
    way = Way("subsidy", _("Social-insurance subsidy"), _("evidence missing"), "wait", "")
    if place.id == "ganzhou":
        way.laws = [law_of("ganzhou-2021-7", "gz-1f")]
    way.helps = [Help(_("part of the employees' contributions, by the employment office's own rules"), None, None)]
    answer = values["hard_to_place"]
    if not answer:
        way.sentence = _("It goes to whoever the employment office has recognised as hard to place.")
        way.missing = [_("whether you are recognised as hard to place in work")]
    elif answer == "no":
        way.verdict, way.tone = _("not as answered"), "bad"
        way.sentence = _("Only for those recognised as hard to place in work; the employment office decides on that.")
    else:
        way.verdict, way.tone = _("open to you"), "ok"
        way.sentence = _("Ask the employment office for it; its amount and length are set there.")
        way.missing = [_("the amount, which the employment office sets")]
    if place.id == "rugao" and (answer == "yes" or values["subsidy"] == "yes"):
        way.laws.append(law_of("rugao-draft", "rg-5a"))
        way.sentence += _(" A month it is drawn for cannot be paid by the loan as well.")
    return way


def _on_behalf(place: Place, values: dict[str, Any], book: ParameterBook) -> tuple[Way, int]:
    """Return the column of contributions on behalf, and what would be paid a year, fen."""
    way = Way("on-behalf", _("Paid on behalf"), _("none here"), "", _("No document of this place pays contributions on behalf."))
    page = place.on_behalf
    if page is None:
        return way, 0
    way.address = reverse("calculator:on-behalf", args=[page.id])
    law = judge_of(page.id).policy
    ended = _ended(page.id, place.area_code, values["on"], book)
    if ended is not None:
        words = _("The document ended on %(day)s; nobody has entered a document that extends it.")
        way.verdict, way.tone, way.sentence = _("not in force"), "wait", words % {"day": ended.isoformat()}
        return way, 0
    try:
        judged = judge_of(page.id)(
            record_of(answers_of(values), place.area_code, list(law.identities)), on=values["on"], book=book
        )
    except ZhubaoError as error:
        way.verdict, way.tone, way.sentence = _("not in force"), "wait", explained(error)
        return way, 0
    way.verdict, way.tone = _verdict(judged)
    way.laws = _decisive(page.id, judged)
    way.missing = [said(each.label) for each in judged.missing]
    if judged.outcome is not Verdict.MET:
        way.sentence = _("For the groups of the document, in the residents' scheme.")
        return way, 0
    amounts = judged.amounts
    way.sentence = _("Your residents' contribution is paid for you; the department checks its list.")
    way.cost_fen = amounts["self_pay_fen"]
    way.cost_said = _("a year, your own part")
    way.helps = [Help(_("paid on behalf"), amounts["on_behalf_fen"], None)]
    return way, amounts["on_behalf_fen"] or 0


def _loan(place: Place, person: Person, values: dict[str, Any], book: ParameterBook) -> Way:
    way = Way("loan", _("Contribution loan"), _("none here"), "", _("No document of this place lends contributions."))
    page = place.loan
    if page is None:
        return way
    query = f"?birth={person.birth}&on={person.on.isoformat()}"
    if person.category and not page.resident:
        query += f"&category={person.category}"
    if person.paid_months is not None:
        query += f"&paid_years={person.paid_months // 12}&paid_months={person.paid_months % 12}"
    way.address = reverse("calculator:loan", args=[page.id]) + query
    law = judge_of(page.id).policy
    try:
        judged = judge_of(page.id)(
            record_of(answers_of(values), place.area_code, list(law.identities)), on=values["on"], book=book
        )
    except ZhubaoError as error:
        way.verdict, way.tone, way.sentence = _("not in force"), "wait", explained(error)
        return way
    way.verdict, way.tone = _verdict(judged)
    way.laws = _decisive(page.id, judged)
    way.missing = [said(each.label) for each in judged.missing][:6]
    way.sentence = {
        Verdict.MET: _("As answered the document admits you; agency and bank decide."),
        Verdict.NOT_MET: _("As answered the document does not admit you."),
    }.get(judged.outcome, _("Whether the document admits you turns on what is missing below."))
    if judged.outcome is not Verdict.NOT_MET:
        way.cost_fen = 0
        way.cost_said = _("a year until the pension; then a part of it is deducted")
        name = "tier_yearly_fen" if page.resident else "lowest_tier_monthly_fen"
        tier = latest(book, name, person.on, place.area_code)
        yearly = None if tier is None or page.resident else tier.number() * 12
        way.helps = [Help(_("lent a year, to be repaid from the pension"), yearly, None)]
        way.pays_back = _("see the loan's own calculation")
    return way


def _ended(policy_id: str, area_code: str, on: date, book: ParameterBook) -> date | None:
    """Return the last day of a document that is past its term; None for one in force."""
    law = judge_of(policy_id).policy
    return law.in_force[1] if past_term(law, on, extended_to(law, on, area_code, book)) else None


def _verdict(judged: Assessment) -> tuple[str, str]:
    return {
        Verdict.MET: (_("open to you"), "ok"),
        Verdict.NOT_MET: (_("not as answered"), "bad"),
        Verdict.EVIDENCE_MISSING: (_("evidence missing"), "wait"),
    }.get(judged.outcome, (_("to be decided"), "info"))


def _decisive(policy: str, judged: Assessment) -> list[Law]:
    return [Law(policy, row.id, row.article, said(row.label)) for row in decisive(judged)]


def _count(found: Reckoning, name: str) -> int | None:
    value = found.inputs.get(name)
    return value if isinstance(value, int) else None


def _number(month: str) -> int:
    day = date.fromisoformat(f"{month}-01")
    return day.year * 12 + day.month


def _fact_said(name: str) -> str:
    known = {
        "scheme": _("the scheme you are in"),
        "paid_months": _("how long you have paid"),
        "retirement_category": _("sex and kind of insurance"),
    }
    if name in known:
        return known[name]
    parameter = declared(name)
    return said(parameter.label) if parameter is not None else name


def _figures(used: list[Any]) -> list[tuple[str, str, str, str]]:
    rows: dict[str, tuple[str, str, str, str]] = {}
    for entry in used:
        known = declared(entry.name)
        assert known is not None, entry.name
        mark = "demonstration" if made_up(entry) else "unverified" if entry.unverified else ""
        value = yuan_said(entry.number()) if entry.unit == "fen" else rate_said(entry.number())
        rows[entry.name] = (said(known.label), value, entry.source, mark)
    return list(rows.values())
