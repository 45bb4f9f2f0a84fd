"""The record of an invented person as the policies read it (keys of a person in the JSON contract).

Only what the files of the demonstration also say goes in: what no roster, insured record or application shows stays absent.
"""

from typing import Any

from .applicants import Applicant
from .people import DisabilityCertificate, Identity, Kind, SyntheticPerson
from .regions import REGIONS

OFFICES = {
    "civil_affairs": "民政局",
    "rural_revitalisation": "乡村振兴局",
    "poverty_office": "扶贫办",
    "federation": "残联",
    "hrss": "人社局",
    "trade_union": "总工会",
}
# Category codes of each policy that a roster of the kind can give.
_CATEGORIES: dict[str, dict[Kind, str]] = {
    "pengshui-2022": {
        "special_hardship": "tekun",
        "dibao": "dibao",
        "returned_to_poverty": "return_to_poverty",
        "disabled": "severe_disability",
    },
    "ganzhou-2021-7": {
        "special_hardship": "tekun",
        "dibao": "dibao",
        "lifted_out": "escaped_poverty",
        "monitored": "monitored",
        "disabled": "severe_disability",
    },
    "rugao-draft": {
        "dibao": "dibao",
        "unemployed": "laid_off",
        "poor_worker": "poor_worker_family",
        "disabled": "severe_disability",
    },
    "jiangxi-2020-7": {
        "special_hardship": "urban_destitute",
        "dibao": "urban_dibao",
        "expenditure_poor": "urban_expenditure_poor",
        "low_income": "urban_low_income",
        "unemployed": "laid_off_soe_collective",
    },
    "tongling-2022-13": {},
}


def person_facts(person: SyntheticPerson) -> dict[str, Any]:
    """Return the person's record for the policy of their region; departments there have sent all their rosters."""
    facts: dict[str, Any] = {
        "name": person.name,
        "id_number": person.id_number,
        "hukou": {"value": person.hukou, "source": "公安户籍信息（演示）"},
        "residence": person.residence,
        "insured_locality": person.insured_locality,
        "scheme": {"value": "employee_pension" if person.also_employee else person.scheme, "source": "参保记录（演示）"},
        "paid_months": person.paid_months,
        "deemed_months": person.deemed_months,
        "deemed_confirmed": person.deemed_confirmed,
        "student": person.student,
        "military": person.military,
        "imprisoned": person.imprisoned,
        "deceased": person.deceased,
        "identities": identity_facts(person),
    }
    if person.participation is not None:
        facts["participation_type"] = person.participation
    if person.tier_fen is not None:
        facts["chosen_tier_fen"] = person.tier_fen
    subsidy = person.identity("subsidised")
    facts["social_insurance_subsidy"] = (
        [{"from": f"{subsidy.starts:%Y-%m}", **({"to": f"{subsidy.ends:%Y-%m}"} if subsidy.ends else {})}] if subsidy else False
    )
    unemployed = person.identity("unemployed")
    if unemployed is not None:
        facts["unemployment_registered"] = True
        facts["still_unemployed"] = unemployed.ends is None
    return facts


def applicant_facts(applicant: Applicant) -> dict[str, Any]:
    """Return the record of an applicant: the person's, with what the application says and leaves out."""
    person, design = applicant.person, applicant.design
    facts = person_facts(person)
    if design.paid is None:
        del facts["paid_months"]
    if not design.in_insured_file:
        del facts["scheme"]
    if design.declared is not None:
        facts["inability_declaration"] = {"value": design.declared, "source": "本人签字的声明（演示）"}
    if design.scheme == "employee_pension":
        facts["retirement_category"] = "male60" if design.sex == "male" else "female55"
    return facts


def identity_facts(person: SyntheticPerson) -> dict[str, Any]:
    """Return the categories of the region's policy: those on a roster with their dates, the others as false."""
    policy = REGIONS[person.region].policy
    categories = _CATEGORIES[policy]
    found: dict[str, Any] = dict.fromkeys(categories.values(), False)
    if policy == "jiangxi-2020-7":
        found |= {"registered_poor_urban": False, "registered_poor_rural": False}
    for identity in person.identities:
        code = _category(policy, person, identity)
        if code:
            found[code] = _entry(identity)
    return found


def _category(policy: str, person: SyntheticPerson, identity: Identity) -> str | None:
    """Return the category the roster entry gives under `policy`, or None when it gives none."""
    if identity.kind == "disabled" and not _severe(person.disability):
        return None
    if policy == "jiangxi-2020-7":
        if identity.kind == "lifted_out":
            return "registered_poor_urban" if person.urban else "registered_poor_rural"
        if identity.kind == "unemployed":
            return "laid_off_soe_collective" if identity.detail in {"国有", "集体"} else None
        if not person.urban:
            return None
    return _CATEGORIES[policy].get(identity.kind)


def _severe(certificate: DisabilityCertificate | None) -> bool:
    return certificate is not None and certificate.grade <= 2 and certificate.status == "正常"


def _entry(identity: Identity) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "value": True,
        "certifier": identity.certifier,
        "from": identity.starts.isoformat(),
        "source": f"{OFFICES[identity.certifier]}名册（演示）",
    }
    if identity.ends is not None:
        entry["to"] = identity.ends.isoformat()
    if identity.certificate is not None:
        entry["certificate"] = identity.certificate
    return entry
