"""Which papers a case and a loan have at their present state, and for whom."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from zhubao.access.actors import Actor
from zhubao.access.composed import Composed, Given
from zhubao.access.roles import AGENCY_ROLES, BANK_ROLES, Role
from zhubao.cases.contract import JIANGXI, RUGAO
from zhubao.cases.models import Case, PublicNotice, Renewal
from zhubao.cases.selectors import agreement_of
from zhubao.documents.typesetting import PrintedForm
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.loans.models import DeathSettlement, Loan, PayoffQuote, SettlementCertificate, Tranche, VerificationProposal
from zhubao.loans.verification.words import letter_title
from zhubao.workflow import CITIZEN

from .agreements import agreement, draw_confirmation
from .applications import application, renewal
from .endings import certificate_sheet, death_sheet, letter_after_death, payoff_sheet
from .notices import public_notice, termination
from .verification import decided_of, verification_letter

OFFICES = (AGENCY_ROLES | BANK_ROLES) - {Role.AGENCY_ADMINISTRATOR}
APPLICANTS_SIDE = frozenset({*OFFICES, Role.COMMITTEE_MEMBER, CITIZEN})
_NOTICES = Composed(lambda: PublicNotice.objects.filter(lines__case_id=Given("case")).select_related("committee"))
_RENEWALS = Composed(lambda: Renewal.objects.filter(case_id=Given("case")).exclude(state="withdrawn").order_by("nth"))
PrintedBy = Callable[[Actor, datetime], PrintedForm]


@dataclass(frozen=True)
class Paper:
    """One paper that can be printed now. `name` stands in its address, `label` on the button."""

    name: str
    label: Text
    make: PrintedBy


def papers_of_case(case: Case, actor: Actor) -> list[Paper]:
    """Return the papers of a case that the post may print, the application first."""
    papers: list[Paper] = []
    if case.policy_id in (JIANGXI, RUGAO) and actor.role in APPLICANTS_SIDE:
        label = Text("申请表", "application form")
        papers.append(Paper("application", label, lambda who, now: application(case, actor=who, now=now)))
    # Only Rugao hangs notices, and only its loans are renewed from year to year.
    if case.policy_id == RUGAO and actor.role in OFFICES | {Role.COMMITTEE_MEMBER, Role.TOWNSHIP_CLERK}:
        papers += [_notice(notice) for notice in _NOTICES.rows(case=case.pk)]
    if case.policy_id == RUGAO and actor.role in APPLICANTS_SIDE:
        papers += [_renewal(filed) for filed in _RENEWALS.rows(case=case.pk)]
    if actor.role in APPLICANTS_SIDE and agreement_of(case) is not None:
        label = Text("协议要点", "summary of the agreement")
        papers.append(Paper("agreement", label, lambda who, now: agreement(case, actor=who, now=now)))
    return papers


def papers_of_loan(loan: Loan, actor: Actor) -> list[Paper]:
    """Return the papers of a loan that the post may print: one for each draw, the end of the qualification, the end of the loan."""
    if actor.role == Role.FINANCE_CLERK:
        return _after_death(loan)
    if actor.role not in OFFICES | {CITIZEN}:
        return []
    papers = []
    for draw in loan.tranches.select_related("loan__person", "loan__bank", "loan__card_account").order_by("year", "sequence"):
        if draw.drawn_on or draw.confirmed_on:
            papers.append(_confirmation(draw))
        if draw.state == "unpaid":
            papers.append(_termination(draw))
    return [*papers, *_verified(loan), *_at_the_end(loan), *_after_death(loan)]


def print_case_paper(case: Case, name: str, *, actor: Actor, now: datetime) -> PrintedForm:
    """Return a paper of a case by its name; E-PAPER-NONE when it does not exist yet or is not for this post."""
    return _named(papers_of_case(case, actor), name).make(actor, now)


def print_loan_paper(loan: Loan, name: str, *, actor: Actor, now: datetime) -> PrintedForm:
    """Return a paper of a loan by its name; E-PAPER-NONE when it does not exist yet or is not for this post."""
    return _named(papers_of_loan(loan, actor), name).make(actor, now)


def _renewal(filed: Renewal) -> Paper:
    label = Text(f"续贷申请表（第 {filed.nth} 次）", f"renewal form (no. {filed.nth})")
    return Paper(f"renewal-{filed.nth}", label, lambda who, now: renewal(filed, actor=who, now=now))


def _notice(notice: PublicNotice) -> Paper:
    label = Text(f"公示（{notice.posted_on} 张贴）", f"notice posted {notice.posted_on}")
    return Paper(f"notice-{notice.pk}", label, lambda _who, _now: public_notice(notice))


def _confirmation(draw: Tranche) -> Paper:
    label = Text(f"{draw.year} 年放款确认书", f"confirmation of the draw of {draw.year}")
    return Paper(f"draw-{draw.year}-{draw.sequence}", label, lambda who, now: draw_confirmation(draw, actor=who, now=now))


def _termination(draw: Tranche) -> Paper:
    label = Text("终止资格决定书", "decision ending the qualification")
    return Paper(f"termination-{draw.year}-{draw.sequence}", label, lambda who, now: termination(draw, actor=who, now=now))


def _verified(loan: Loan) -> list[Paper]:
    """Return the letters about yearly verifications that changed something."""
    return [_letter(found) for found in decided_of(loan)]


def _letter(found: VerificationProposal) -> Paper:
    return Paper(
        f"verification-{found.year}", letter_title(found), lambda who, now: verification_letter(found, actor=who, now=now)
    )


def _at_the_end(loan: Loan) -> list[Paper]:
    """Return the latest quote of what pays a loan off, and the settlement certificate."""
    papers = []
    quote = PayoffQuote.objects.filter(loan=loan).select_related("loan__person", "loan__bank").first()
    if quote is not None:
        label = Text(f"提前结清金额单（{quote.valid_on}）", f"payoff quote of {quote.valid_on}")
        papers.append(Paper(f"payoff-{quote.pk}", label, lambda who, now: payoff_sheet(quote, actor=who, now=now)))
    if SettlementCertificate.objects.filter(loan=loan).exists():
        label = Text("结清证明", "settlement certificate")
        papers.append(Paper("settlement-certificate", label, lambda who, now: certificate_sheet(loan, actor=who, now=now)))
    return papers


def _after_death(loan: Loan) -> list[Paper]:
    """Return the settlement sheet and the letter once it is fixed who pays a dead borrower's debt."""
    settlement = DeathSettlement.objects.filter(loan=loan, divided_at__isnull=False).select_related("loan__agency").first()
    if settlement is None:
        return []
    sheet, letter = Text("身故清偿单", "settlement sheet after a death"), Text("身故清偿告知书", "letter after a death")
    return [
        Paper("death-sheet", sheet, lambda who, now: death_sheet(settlement, actor=who, now=now)),
        Paper("death-letter", letter, lambda _who, _now: letter_after_death(settlement)),
    ]


def _named(papers: list[Paper], name: str) -> Paper:
    found = next((paper for paper in papers if paper.name == name), None)
    if found is None:
        raise ZhubaoError(
            "E-PAPER-NONE", Text("没有这份材料，或现在还不能打印", "there is no such paper, or not yet"), place=name
        )
    return found
