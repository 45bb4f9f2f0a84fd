"""A bank's claims as tests meet them: borrowers of a county with draws, the file the bank sends, and the hands it goes through."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from tests.loans.lives import COUNTY, JIANGXI_TERMS, RUGAO_TERMS, Life, PostOf, at, life_of
from zhubao.access.actors import Actor
from zhubao.access.models import User
from zhubao.access.roles import Role
from zhubao.exchange.files import layout_of
from zhubao.exchange.files.layout import Head
from zhubao.exchange.files.subsidy_claim import ClaimedDays
from zhubao.exchange.files.writing import write
from zhubao.loans.claims import actions
from zhubao.loans.claims.preparing import prepared_rows
from zhubao.loans.models import SubsidyClaim
from zhubao.loans.states import JIANGXI
from zhubao.procedures.claim_received import Received, check_claim, receive_claim

# One draw of 8 400 yuan on 10 March 2021 at 3.85 %: 285 days to 20 December 2021, 25 602.5 fen; 365 days to that of 2022, 32 789.17.
OF_2021, OF_2022 = 25_603, 32_789
HANDED_IN = at(2022, 1, 10)


def borrowers(post_of: PostOf, count: int, policy_id: str = JIANGXI) -> list[Life]:
    """Open loans with a draw of 2021 each, the subsidy of which runs."""
    terms = replace(JIANGXI_TERMS if policy_id == JIANGXI else RUGAO_TERMS)
    lives = []
    for number in range(count):
        life = life_of(policy_id, post_of, name=f"L{number}", sequence=40 + 2 * number, terms=terms)
        life.year(2021)
        lives.append(life)
    return lives


def rows_of(post_of: PostOf, year: int, policy_id: str = JIANGXI, now: datetime = HANDED_IN) -> list[ClaimedDays]:
    """Return the file the bank may begin with."""
    officer = post_of(Role.BANK_OFFICER).actor()
    return prepared_rows(policy_id, COUNTY, officer.organisation_id or 0, year, actor=officer, now=now)


def file_of(post_of: PostOf, rows: Sequence[ClaimedDays], batch: str = "B1", policy_id: str = JIANGXI) -> bytes:
    """Return the bytes of a claim file."""
    bank, receiver = post_of(Role.BANK_OFFICER).organisation, office(post_of, policy_id)
    return write(layout_of("subsidy_claim"), Head(batch, bank.name, receiver.name, "贴息"), list(rows), "csv")


def office(post_of: PostOf, policy_id: str) -> Any:
    """Return the office that verifies claims of a programme."""
    return post_of(Role.AGENCY_APPROVER if policy_id == JIANGXI else Role.HRSS_SUPERVISOR).organisation


def hand_in(
    post_of: PostOf,
    content: bytes,
    year: int = 2021,
    *,
    policy_id: str = JIANGXI,
    now: datetime = HANDED_IN,
    **more: Any,
) -> Received:
    """Hand a file in at the bank's officer."""
    named = {
        "name": "贴息申请.csv",
        "policy_id": policy_id,
        "region_code": COUNTY,
        "bank_id": post_of(Role.BANK_OFFICER).organisation_id,
        "receiver_id": office(post_of, policy_id).pk,
        "year": year,
        "actor": post_of(Role.BANK_OFFICER).actor(),
        "now": now,
    }
    return receive_claim([content], **{**named, **more})


def checked(post_of: PostOf, rows: Sequence[ClaimedDays], year: int = 2021, **more: Any) -> SubsidyClaim:
    """Hand rows in and have them recomputed."""
    batch = more.pop("batch", f"B{year}")
    now = more.setdefault("now", HANDED_IN)
    content = file_of(post_of, rows, batch, more.get("policy_id", JIANGXI))
    received = hand_in(post_of, content, year, **more)
    assert received.claim is not None, received.receipt.faults
    return check_claim(received.claim.pk, clock=lambda: now)


def second_at_finance(post_of: PostOf) -> Actor:
    """Return another person at the finance clerk's post."""
    user = User.objects.exclude(pk=post_of(Role.FINANCE_CLERK).user_id).order_by("pk").first()
    assert user is not None
    return replace(post_of(Role.FINANCE_CLERK).actor(), user_id=user.pk, name="另一人")


def paid(post_of: PostOf, claim: SubsidyClaim, now: datetime) -> SubsidyClaim:
    """Verify, prepare, approve and pay a checked claim on one day."""
    verifier = Role.AGENCY_APPROVER if claim.policy_id == JIANGXI else Role.HRSS_SUPERVISOR
    finance = post_of(Role.FINANCE_CLERK).actor()
    actions.verify(claim.pk, actor=post_of(verifier).actor(), now=now)
    actions.prepare_payment(claim.pk, actor=finance, now=now)
    actions.approve(claim.pk, actor=second_at_finance(post_of), now=now)
    return actions.record_payment(claim.pk, now.date(), "国库支付2022-0012", actor=finance, now=now)
