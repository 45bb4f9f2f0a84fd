"""What the page of a loan shows, read with a fixed number of queries."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.cases.models import Agreement
from zhubao.errors import ZhubaoError
from zhubao.exchange.models import EnvelopeLine
from zhubao.exchange.selectors import envelopes_for
from zhubao.language import Text
from zhubao.ledger.chart import PARTIES, account_name
from zhubao.ledger.models import Posting
from zhubao.lending.settings import PREFIXES, AgreedTerms
from zhubao.loans.books import SOURCE
from zhubao.loans.draws import PAID_OUT
from zhubao.loans.models import Loan, LoanStep, Tranche
from zhubao.loans.replaying import outcome, terms_of
from zhubao.loans.selectors import draws_of, history_of, steps_open_to
from zhubao.loans.states import process_of
from zhubao.loans.states.claim import bears_interest
from zhubao.parameters.questions import questions
from zhubao.policies import judge_of
from zhubao.programmes.selectors import parameter_book
from zhubao.tasks.selectors import tasks_about
from zhubao.web.banks.fields import percent
from zhubao.web.calculator.words import yuan_said
from zhubao.web.cases.due import due_of
from zhubao.web.cases.queue import title_said
from zhubao.web.clerk.words import explained, language, said
from zhubao.web.deductions.on_loan import deductions_of
from zhubao.web.documents.to_print import loan_papers_to_print
from zhubao.web.endings.on_loan import endings_of
from zhubao.web.integrity.on_loan import integrity_of
from zhubao.workflow import Transition, draw

from .forms import IN_THE_CASE, page_of
from .words import (
    day_count_said,
    draw_said,
    draw_tone,
    event_said,
    method_said,
    payee_said,
    settlement_said,
    source_said,
    state_said,
    state_tone,
)

MOST_STATEMENTS = 30
# Their words are a report, not the reason for an end.
HARMLESS = frozenset({"follow_up"})


@dataclass(frozen=True)
class Offered:
    """A step the page offers: its verb and label, where it leads, whether it is what waits."""

    verb: str
    label: Text
    address: str
    waits: bool
    warns: bool


@dataclass
class Account:
    """One account of a party on this loan, fen."""

    party: str
    account: str
    debit_fen: int = 0
    credit_fen: int = 0

    @property
    def name(self) -> Text:
        """The account in words."""
        return account_name(self.party, self.account)

    @property
    def fen(self) -> int:
        """Debit less credit."""
        return self.debit_fen - self.credit_fen


@dataclass
class Books:
    """What stands in one party's books about this loan; debits and credits come to the same."""

    party: str
    accounts: dict[str, Account] = field(default_factory=dict)
    debit_fen: int = 0
    credit_fen: int = 0

    @property
    def name(self) -> Text:
        """The party in words."""
        return PARTIES[self.party]  # type: ignore[index]

    @property
    def rows(self) -> list[Account]:
        """The accounts that moved."""
        return list(self.accounts.values())

    @property
    def difference_fen(self) -> int:
        """What debits and credits differ by: 0 unless the books are broken."""
        return self.debit_fen - self.credit_fen


def loan_sheet(loan: Loan, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return everything `loans/loan.html` shows of a loan to a post."""
    today = timezone.localdate(now)
    process = process_of(loan.policy_id)
    history = list(history_of(loan))
    draws = list(draws_of(loan))
    for each in draws:
        each.loan = loan
    agreement = Agreement.objects.filter(case__number=loan.case_number).first()
    tasks = tasks_about(loan.subject)
    postings = list(Posting.objects.of(SOURCE, loan.subject))
    agreed = terms_of(loan)
    passed = frozenset(step.end for step in history)
    book = parameter_book()
    return {
        "loan": loan,
        "policy": judge_of(loan.policy_id).policy,
        "state": state_said(loan),
        "tone": state_tone(loan),
        "waiting": said(process.state(loan.state).waiting),
        "steps": offered_steps(loan, actor),
        "terms": term_rows(loan, agreed, agreement),
        "provisional": provisional_rows(agreed),
        "diagram": mark_safe(draw(process, loan.state, language(), passed=passed)),
        "drawn_fen": sum(each.amount_fen for each in draws if each.state in PAID_OUT),
        "draws": [_draw_row(loan, each, actor) for each in draws],
        "permits": list(loan.permits.all()),
        "signers": list(loan.signers.select_related("person")),
        "events": [
            (event, *event_said(event), source_said(event, book)) for event in loan.events.select_related("entered_by__user")
        ],
        "found": found_so_far(loan, today),
        "bears_interest": bears_interest(loan.policy_id),
        "books": trial_balance(postings),
        "history": [_step_row(loan, step) for step in reversed(history)],
        "waits": [(task, title_said(task.kind), due_of(task, today)) for task in tasks if task.closed_at is None],
        "done": [(task, title_said(task.kind)) for task in tasks if task.closed_at is not None],
        "files": _files(loan, actor),
        "statements": list(loan.statements.all()[:MOST_STATEMENTS]),
        "agreement": agreement,
        "to_print": loan_papers_to_print(loan, actor),
        "deductions": deductions_of(loan, actor),
        "endings": endings_of(loan, actor, today),
        "integrity": integrity_of(loan, actor),
        "today": today,
    }


def offered_steps(loan: Loan, actor: Actor) -> list[Offered]:
    """Return the steps about the loan itself that are open to a post, what waits first."""
    return sorted(_offered(loan, actor, None), key=lambda each: not each.waits)


def _offered(loan: Loan, actor: Actor, tranche: Tranche | None) -> list[Offered]:
    """Return the steps open to a post, about the loan itself or about one draw."""
    found = []
    for row in steps_open_to(loan, actor, tranche):
        address = _address(loan, row, tranche)
        if address:
            found.append(Offered(row.verb, row.label, address, row.waits, warns(row)))
    return found


def warns(row: Transition) -> bool:
    """Tell whether a step ends or undoes something: it wants a reason, and does not wait for anybody."""
    return row.reason and not row.waits and row.verb not in HARMLESS


def _address(loan: Loan, row: Transition, tranche: Tranche | None) -> str:
    if row.verb in IN_THE_CASE or (row.verb == "suspend" and loan.state == "renewal"):
        verb = IN_THE_CASE.get(row.verb, "")
        return reverse("cases:step", args=[loan.case_number, verb]) if verb else ""
    if row.verb == "release_year" and Role.AGENCY_APPROVER in row.posts:
        return f"{reverse('loans:year')}?year={tranche.year}" if tranche else ""
    page = page_of(loan, row.verb)
    if page is None or not page.fits(loan):
        return ""
    return reverse("loans:step", args=[loan.number, row.verb, *([tranche.pk] if tranche else [])])


def _draw_row(loan: Loan, each: Tranche, actor: Actor) -> dict[str, Any]:
    receipts = list(each.receipts.all())
    received = sum(receipt.amount_fen for receipt in receipts)
    return {
        "draw": each,
        "state": draw_said(each),
        "tone": draw_tone(each),
        "payee": payee_said(each),
        "parts": list(each.parts.all()),
        "receipts": receipts,
        "missing_fen": each.amount_fen - received if receipts and each.state == "drawn" else 0,
        "steps": _offered(loan, actor, each),
    }


def term_rows(loan: Loan, agreed: AgreedTerms, agreement: Agreement | None) -> list[tuple[str, str, str]]:
    """Return the terms of a loan: what, the value, and where it stands; "" for the agreement itself."""
    source = _("agreement %(number)s") % {"number": agreement.number} if agreement else loan.case_number
    estimated = _("the agency's estimate")
    terms = agreed.terms
    rows = [
        (_("Signed on"), loan.signed_on.isoformat(), source),
        (_("Credit line"), yuan_said(loan.principal_cap_fen) if loan.principal_cap_fen else _("the document's own"), source),
        (_("At most a year"), yuan_said(loan.yearly_cap_fen) if loan.yearly_cap_fen else "", source),
        (_("Years of draws"), str(loan.years), source),
        (_("Yearly rate"), f"{percent(loan.rate_ppm)}%", source),
        (_("Grace months"), str(loan.grace_months), source),
        (_("Months of repayment"), str(loan.repay_months) if loan.repay_months else "", source),
        (_("How it is repaid"), method_said(loan.method), source),
        (_("Monthly instalment"), yuan_said(loan.instalment_fen) if loan.instalment_fen else "", source),
        (_("Day count"), day_count_said(terms.day_count), source),
        (_("Settlement days"), settlement_said(terms.settlement), source),
        (
            _("Basic pension given in"),
            loan.basic_pension_agreed_on.isoformat() if loan.basic_pension_agreed_on else "",
            source,
        ),
        (
            _("Interest subsidy from"),
            _subsidised_said(loan),
            _("decision in the case"),
        ),
        (_("First pension month"), f"{loan.pension_month:%Y-%m}", estimated),
        (_("Card account"), f"**** {loan.card_account.last_four}" if loan.card_account else "", loan.bank.name),
    ]
    rows += [
        (setting.name, setting.value, setting.decided_by or _("not confirmed"))
        for setting in loan.settings.all()
        if setting.name not in ("day_count", "settlement")
    ]
    # What the agreement says needs no source beside it: the page names the agreement once.
    return [(label, value, "" if said_in == source else said_in) for label, value, said_in in rows if value]


def _subsidised_said(loan: Loan) -> str:
    """Return from when the interest is subsidised; "" in a programme that subsidises none."""
    if loan.subsidised_from:
        return loan.subsidised_from.isoformat()
    return _("none") if bears_interest(loan.policy_id) else ""


def provisional_rows(agreed: AgreedTerms) -> list[tuple[str, str, str]]:
    """Return what rests on a default nobody confirmed: the default, its question, who decides."""
    listed, prefix = questions(), PREFIXES[agreed.policy]
    rows = []
    for point in agreed.unconfirmed:
        question_id = point.question_id(prefix) or ""
        question = listed.get(question_id)
        rows.append((said(point.default), question_id, said(question.decider if question else point.decider)))
    return rows


def found_so_far(loan: Loan, on: date) -> dict[str, Any]:
    """Return what the events of a loan come to by a day: principal, interest by who bears it, periods, payments; or why not."""
    try:
        result = outcome(loan, on)
    except ZhubaoError as error:
        return {"fault": explained(error)}
    open_fen, open_government = result.accrued(on)
    government = result.subsidy_total + open_government
    interest = result.total_interest + open_fen
    return {
        "principal_fen": result.principal,
        "interest_fen": interest,
        "government_fen": government,
        "borrower_fen": interest - government,
        "open_fen": open_fen,
        "periods": [*result.periods],
        "schedule": [*result.schedule],
    }


def trial_balance(postings: list[Posting]) -> list[Books]:
    """Return what the postings of a loan come to, party by party."""
    books: dict[str, Books] = {}
    for row in postings:
        of_party = books.setdefault(row.party, Books(row.party))
        of_party.debit_fen += row.amount_fen
        of_party.credit_fen += row.amount_fen
        of_party.accounts.setdefault(row.debit, Account(row.party, row.debit)).debit_fen += row.amount_fen
        of_party.accounts.setdefault(row.credit, Account(row.party, row.credit)).credit_fen += row.amount_fen
    for of_party in books.values():
        of_party.debit_fen = sum(each.debit_fen for each in of_party.rows)
        of_party.credit_fen = sum(each.credit_fen for each in of_party.rows)
    return [books[party] for party in PARTIES if party in books]


def _step_row(loan: Loan, step: LoanStep) -> dict[str, Any]:
    process = process_of(loan.policy_id)
    label = next((row.label for row in process.transitions if row.verb == step.verb), Text(step.verb, step.verb))
    who = [step.actor_name, str(Role(step.post.role).label), step.post.organisation.name] if step.post else [_("from a file")]
    return {
        "step": step,
        "label": label,
        "end": process.state(step.end).label,
        "moved": step.start != step.end,
        "who": " · ".join(who),
    }


def _files(loan: Loan, actor: Actor) -> list[EnvelopeLine]:
    """Return the lines of files this loan stands in, of files the post may see, the last first."""
    lines = EnvelopeLine.objects.filter(subject=loan.subject, envelope__in=envelopes_for(actor).order_by())
    return list(lines.select_related("envelope").order_by("-pk")[:30])
