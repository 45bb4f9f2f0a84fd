"""The papers a programme asks for."""

from dataclasses import dataclass

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .models import Case

MOST_FILES = 30


@dataclass(frozen=True)
class Paper:
    """One kind of paper: what it is called, whether its original must be seen at the counter, and the clause that wants it."""

    kind: str
    label: Text
    original: bool = False
    clause: str = ""


IDENTITY_CARD = Paper("identity_card", Text("身份证", "identity card"))
HOUSEHOLD_BOOKLET = Paper("household_booklet", Text("户口簿", "household booklet"), original=True, clause="rg-12.1b")
SIGNED_FORM = Paper("signed_form", Text("本人签字的申请表", "signed application form"))
WITHDRAWAL = Paper("withdrawal", Text("撤回申请书", "signed withdrawal"))
OTHER = Paper("other", Text("其他材料", "other paper"))

# Which certificate stands behind each Rugao hardship (articles 4.1 to 4.6); one of those named is enough.
CERTIFICATES: dict[str, Paper] = {
    "dibao": Paper("dibao_certificate", Text("最低生活保障证", "minimum-living certificate"), original=True, clause="rg-4.1"),
    "laid_off": Paper(
        "employment_certificate", Text("就业创业证或下岗证", "employment certificate"), original=True, clause="rg-4.2"
    ),
    "poor_worker_family": Paper(
        "poor_worker_certificate", Text("特困职工证", "poor worker's certificate"), original=True, clause="rg-4.3"
    ),
    "zero_employment": Paper(
        "zero_employment_proof", Text("零就业家庭证明", "proof of a family without employment"), clause="rg-4.4"
    ),
    "severe_disability": Paper(
        "disability_certificate", Text("残疾人证", "disability certificate"), original=True, clause="rg-4.5"
    ),
    "childless": Paper("committee_proof", Text("社区（村）证明", "committee's written proof"), clause="rg-4.6"),
}


def papers_of(case: Case, category: str = "") -> tuple[Paper, ...]:
    """Return what the programme asks an applicant of this hardship to bring; facts known from rosters need no paper."""
    if case.policy_id == "rugao-draft":
        certificate = CERTIFICATES.get(category)
        return (IDENTITY_CARD, HOUSEHOLD_BOOKLET, *((certificate,) if certificate else ()))
    return (IDENTITY_CARD,)


def paper_of(kind: str) -> Paper:
    """Return a paper by its kind; E-PAPER for one no programme knows."""
    known = (IDENTITY_CARD, HOUSEHOLD_BOOKLET, SIGNED_FORM, WITHDRAWAL, OTHER, *CERTIFICATES.values())
    found = next((paper for paper in known if paper.kind == kind), None)
    if found is None:
        raise ZhubaoError("E-PAPER", Text("没有这种材料", "there is no such paper"), place=kind)
    return found
