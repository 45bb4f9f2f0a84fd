"""The county of the soak: the work that is killed, and the books it has to end with."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.loans.lives import COUNTY, SYSTEM, PostOf, at, life_of
from tests.procedures import claims
from zhubao.access.models import AuditEntry, Post
from zhubao.access.roles import Role
from zhubao.access.selectors import open_posts
from zhubao.exchange.files import layout_of
from zhubao.exchange.files.draw_return import DrawReturn
from zhubao.exchange.files.layout import Head
from zhubao.exchange.files.writing import write
from zhubao.exchange.models import EnvelopeLine
from zhubao.ledger.models import Posting
from zhubao.loans.claims import actions
from zhubao.loans.models import ClaimLine, DeductionOrder, LoanClosing, LoanEvent, SubsidyClaim, Tranche
from zhubao.loans.repaying import record_pension
from zhubao.loans.states import RUGAO
from zhubao.procedures import demonstration, month_end
from zhubao.procedures.claim_received import book_paid
from zhubao.procedures.month_end import close_month
from zhubao.procedures.verification import loan_books

NOW = at(2022, 8, 1)
CLOSES = date(2022, 7, 31)
LOANS = 6
COUNTED = ("loan.", "claim.", "month_end.", "envelope.finished")

Books = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Work:
    """The files that banks hand in: draws paid, and a claim of interest subsidy."""

    draws: bytes
    claim: bytes


def post_of() -> PostOf:
    """Return a function from a role to the demonstration post that has it."""
    posts: dict[str, Post] = {}
    for post in open_posts():
        posts.setdefault(str(post.role), post)
    return lambda role: posts[role]


def fill() -> Work:
    """Fill a migrated database: loans to be closed in repayment, draws released, draws of last year to be claimed for."""
    demonstration.fill(password="soak", now=NOW)
    at_post = post_of()
    claims.borrowers(at_post, LOANS, RUGAO)
    for number in range(LOANS):
        life = life_of(RUGAO, at_post, name=f"M{number}", sequence=60 + 2 * number)
        life.year(2021)
        record_pension(life.loan.pk, date(2022, 7, 1), 180_000, "待遇发放文件", actor=SYSTEM, now=at(2022, 7, 5))
    drawn = [life_of(RUGAO, at_post, name=f"F{number}", sequence=80 + 2 * number).ready(2021) for number in range(LOANS)]
    bank, agency = (at_post(role).organisation for role in (Role.BANK_OFFICER, Role.AGENCY_ACCOUNTANT))
    rows = [DrawReturn(draw.loan.number, 2021, 1, draw.amount_fen, date(2021, 3, 10), "drawn", "", "LS") for draw in drawn]
    return Work(
        draws=write(layout_of("draw_return"), Head("R1", bank.name, agency.name, "登记放款"), rows, "csv"),
        claim=claims.file_of(at_post, claims.rows_of(at_post, 2021, RUGAO, NOW), policy_id=RUGAO),
    )


def hand_in(work: Work) -> None:
    """Do what the server does when the bank's officer hands both files in; again, nothing changes."""
    officer: Post = post_of()(Role.BANK_OFFICER)
    agency: Post = post_of()(Role.AGENCY_ACCOUNTANT)
    client = Client()
    client.force_login(officer.user, backend="django.contrib.auth.backends.ModelBackend")
    offices = {"sender": officer.organisation_id, "agency": agency.organisation_id, "bank": officer.organisation_id}
    draws = {"kind": "draw_return", "policy": RUGAO, "sent": SimpleUploadedFile("放款回盘.csv", work.draws), **offices}
    claim = {"policy": RUGAO, "sent": SimpleUploadedFile("贴息申请.csv", work.claim), **offices}
    for address, sent in (("/files/upload/", draws), ("/claims/hand-in/", claim)):
        answer = client.post(address, sent)
        if answer.status_code != 302:
            raise RuntimeError(f"{address}: {answer.status_code} {answer.content.decode()[-2000:]}")


def pay() -> None:
    """Take the checked claim over finance to its payment, from wherever it stands."""
    claim = SubsidyClaim.objects.get()
    at_post = post_of()
    finance, second = at_post(Role.FINANCE_CLERK).actor(), claims.second_at_finance(at_post)
    if claim.state == "checked":
        claim = actions.verify(claim.pk, actor=at_post(Role.HRSS_SUPERVISOR).actor(), now=NOW)
    if claim.state == "agency_verified":
        claim = actions.prepare_payment(claim.pk, actor=finance, now=NOW)
    if claim.state == "payment_prepared":
        claim = actions.approve(claim.pk, actor=second, now=NOW)
    if claim.state == "finance_approved":
        actions.record_payment(claim.pk, NOW.date(), "国库支付2022-0012", actor=finance, now=NOW)


def work_through() -> None:
    """Do what the worker does: apply the files that wait in its queue."""
    from procrastinate.contrib.django import app

    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector) as working:
        working.run_worker(queues=["exchange"], wait=False, concurrency=1, listen_notify=False, install_signal_handlers=False)


def close() -> None:
    """Book the paid claim and close July, in chunks of two loans so that there is much to interrupt."""
    month_end.CHUNK = 2
    book_paid(SubsidyClaim.objects.get().pk, clock=lambda: NOW)
    close_month(COUNTY, CLOSES, actor=SYSTEM, clock=lambda: NOW)


def finished() -> bool:
    """Tell whether everything was done."""
    claim = SubsidyClaim.objects.first()
    return claim is not None and claim.state == "paid" and LoanClosing.objects.filter(as_of=CLOSES).count() == 3 * LOANS


def books() -> Books:
    """Return what the work leaves behind, to the fen, and how often each thing was noted as done."""
    posted = Posting.objects.order_by("subject", "on", "kind", "entry").values_list(
        "subject", "on", "kind", "entry", "party", "party_reference", "debit", "credit", "amount_fen"
    )
    noted = Counter(
        action for action in AuditEntry.objects.values_list("action", flat=True) if action.startswith(COUNTED)
    )  # fmt: skip
    return {
        "postings": list(posted),
        "events": sorted(LoanEvent.objects.values_list("loan__number", "key", "day", "kind", "amount")),
        "orders": sorted(DeductionOrder.objects.values_list("loan__number", "month", "protected_fen", "amount_fen")),
        "draws": sorted(Tranche.objects.values_list("loan__number", "year", "state", "amount_fen")),
        "claim": sorted(ClaimLine.objects.values_list("loan_number", "asked_fen", "accepted_fen")),
        "files": sorted(EnvelopeLine.objects.values_list("envelope__batch", "number", "result_code", "amount_fen")),
        "audit": sorted(noted.items()),
        "unlike replay": [(str(each),) for each in loan_books(COUNTY)["differences"]],
    }
