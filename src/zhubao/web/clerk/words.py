"""Words for the codes that rosters and screenings show."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhubao.errors import ZhubaoError
from zhubao.language import Language, Text
from zhubao.parameters.questions import questions, unfollowed_words
from zhubao.policies.person import assumed
from zhubao.rules.policy import Policy
from zhubao.rules.verdicts import Kind
from zhubao.screening.evidence import kind_label

Label = Any  # str or Django's lazy translation, which has no public type
ROW_KEY: Final = re.compile(r"[a-z_.-]+:[0-9]+")

VERDICTS: Final[dict[str, tuple[Label, str]]] = {
    "met": (_("met"), "ok"),
    "not_met": (_("not met"), "bad"),
    "evidence_missing": (_("evidence missing"), "wait"),
    "to_be_decided": (_("to be decided"), "info"),
}
CLAUSE_KINDS: Final[dict[Kind, Label]] = {
    "condition": _("condition"),
    "exclusion": _("exclusion"),
    "alternative": _("one of several"),
    "priority": _("order of priority"),
    "amount": _("amount"),
    "rate": _("rate"),
    "term": _("term"),
    "window": _("period"),
}
STAGES: Final[dict[str, Label]] = {
    "reading": _("Reading the files"),
    "deciding": _("Checking everybody clause by clause"),
    "writing": _("Writing the results"),
}
STATES: Final[dict[str, tuple[Label, str]]] = {
    "received": (_("being read"), "info"),
    "read": (_("read"), "ok"),
    "refused": (_("cannot be read"), "bad"),
    "waiting": (_("waiting"), "info"),
    "running": (_("running"), "info"),
    "done": (_("done"), "ok"),
    "failed": (_("failed"), "bad"),
}
COLUMNS: Final[dict[str, Label]] = {
    "id_number": _("citizen number"),
    "name": _("name of the person"),
    "head_name": _("head of household"),
    "head_id_number": _("head's citizen number"),
    "disability_certificate": _("disability certificate number"),
    "person_kind": _("kind of person"),
    "household_kind": _("kind of household"),
    "urban_rural": _("town or country"),
    "disability_grade": _("grade of disability"),
    "certificate_status": _("status of the certificate"),
    "enterprise": _("kind of enterprise"),
    "township": _("township"),
    "village": _("village or community"),
    "from": _("from"),
    "to": _("to"),
    "hukou": _("household registration (area code)"),
    "residence": _("residence (area code)"),
    "scheme": _("pension scheme"),
    "participation_type": _("kind of participation"),
    "insured_locality": _("place of insurance (area code)"),
    "paid_months": _("months paid"),
    "deemed_months": _("deemed months"),
    "deemed_confirmed": _("deemed months confirmed"),
    "retirement_category": _("retirement category"),
    "hardship_kind": _("kind of hardship"),
    "certificate": _("certificate number"),
    "inability_declaration": _("declaration of inability to pay"),
    "chosen_tier_fen": _("chosen tier"),
    "subsidised": _("receives the social insurance subsidy"),
    "paid_fen": _("amount paid"),
    "status": _("status of the person"),
    "account": _("bank account"),
}
REMARKS: Final[dict[str, Label]] = {
    "no_header": _("no header row: passed over"),
    "footer_rows": _("lines of totals or signatures passed over"),
    "converted_from_15_digits": _("15-digit numbers converted to 18"),
    "first_issued_elsewhere": _("numbers first issued in another region"),
    "unknown_area_code": _("numbers with an area code that is not in the table"),
}
LACKING: Final = _("Missing: %(label)s. Ask for: %(remedy)s")
UNREADABLE: Final = _("cells that could not be understood in the column “%(column)s”")
DIFFERENCES: Final[dict[str, Label]] = {
    "two_names": _("same number, two names"),
    "twice": _("twice on one kind of roster"),
    "employee_scheme": _("on a roster and in the employee scheme"),
    "deceased": _("deceased"),
}
AMOUNTS: Final[dict[str, Label]] = {
    "on_behalf_fen": _("paid on behalf"),
    "self_pay_fen": _("paid by the person"),
    "tier_fen": _("tier"),
    "lowest_tier_fen": _("lowest tier"),
    "annual_cap_fen": _("most in a year"),
    "months": _("months to be paid"),
    "monthly_fen": _("a month"),
    "credit_line_fen": _("credit line"),
    "projected_months": _("months in the end"),
    "months_needed": _("months still needed"),
    "rate_cap_ppm": _("highest rate"),
    "rate_ppm": _("rate of interest"),
}
LISTED_AMOUNTS: Final = ("on_behalf_fen", "self_pay_fen", "annual_cap_fen", "months", "credit_line_fen")
DECISIONS: Final[dict[str, Label]] = {"loan": _("loan"), "subsidy": _("interest subsidy")}
CODES: Final[dict[str, Label]] = {
    "employee_pension": _("employees' pension"),
    "institution_pension": _("public institutions' pension"),
    "resident_pension": _("residents' pension"),
    "none": _("not enrolled"),
    "flexible": _("flexible employment"),
    "employer": _("through an employer"),
    "male60": _("man, 60"),
    "female55": _("woman, 55"),
    "female50": _("woman, 50"),
    "resident60": _("resident, 60"),
    "male": _("male"),
    "female": _("female"),
    "urban": _("town"),
    "rural": _("country"),
}


def language() -> Language:
    """Return the page's language as the pure packages name it."""
    return "zh" if (get_language() or "zh").startswith("zh") else "en"


def said(text: Text) -> str:
    """Return a label of the pure packages in the page's language."""
    return text.in_(language())


def explained(error: ZhubaoError) -> str:
    """Return what an error says in the page's language, with the signs of that language and without its code.

    A place that is the key of a row says nothing to a reader: the page itself shows which row it is about.
    """
    colon, stop = ("：", "；") if language() == "zh" else (": ", "; ")
    place = "" if ROW_KEY.fullmatch(error.place) else error.place
    parts = [said(error.problem)] if error.remedy is None else [said(error.problem), said(error.remedy)]
    return f"{place}{colon if place else ''}{stop.join(parts)}"


def kinds_said(kinds: str | None) -> str:
    """Return the kinds of a sheet ("dibao;disabled") in words; "" for none."""
    return ("、" if language() == "zh" else ", ").join(said(kind_label(kind)) for kind in (kinds or "").split(";") if kind)


def remark_said(name: str) -> str:
    """Return a remark of the reading in words."""
    if name.startswith("unreadable_"):
        column = name.removeprefix("unreadable_").removesuffix("_day")
        return str(UNREADABLE) % {"column": COLUMNS.get(column, column)}
    return str(REMARKS.get(name, name))


def undecided_said(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    """Return the questions clauses wait for, each in words, with its id and who decides."""
    waiting = [questions()[row["question"]] for row in rows if row.get("to_be_decided")]
    return [(said(each.question), each.id, said(each.decider)) for each in waiting]


def provisional_said(rows: Iterable[Mapping[str, Any]], policy: Policy) -> list[tuple[str, str, str]]:
    """Return what unconfirmed defaults take for granted, each with its question (or the fact nobody gave) and who decides.

    A summary was written in one language; the page may speak the other.
    """
    chosen = {fact: (said(taken), said(decider)) for fact, taken, decider in assumed(policy, {"sex": "female"})}
    listed = questions()
    found = []
    for row in rows:
        name = row["question"]
        if row.get("to_be_decided"):
            continue
        if name in listed:
            remark = f" {said(unfollowed_words(row['decided']))}" if "decided" in row else ""
            found.append((f"{said(listed[name].default)}{remark}", name, said(listed[name].decider)))
        elif name in chosen:
            found.append((chosen[name][0], said(policy.facts[name].label), chosen[name][1]))
        else:
            found.append((row["default"], name, row["decider"]))
    return found


def lacking_said(rows: Iterable[Mapping[str, Any]], policy: Policy) -> list[tuple[str, str]]:
    """Return the facts and figures a whole screening lacks, each with the clauses that need it."""
    labels = {fact.subject: fact.label for fact in policy.facts.values()}
    labels |= {name: parameter.label for name, parameter in policy.parameters.items()}
    return [(said(labels[row["fact"]]) if row["fact"] in labels else row["fact"], ", ".join(row["needed_by"])) for row in rows]
