"""Two hands at the same moment: the same file in two uploads, one claim paid twice, one refund asked for twice."""

from datetime import date

import pytest

from tests.assistance.collection import CIVIL, MAY, OCTOBER, SEPTEMBER, YEAR, County, actual, at, file_of, pengshui, receipt, row
from tests.cases.test_two_at_once import at_once
from zhubao.access.roles import Role
from zhubao.assistance.claiming import approve_claim, check_claim, enter_budget, pay_claim, submit_claim
from zhubao.assistance.models import AssistanceClaim, PlanReceipt, Refund
from zhubao.assistance.refunding import list_refunds
from zhubao.assistance.verifying import verify_rows
from zhubao.exchange.models import Envelope
from zhubao.ledger.models import Posting
from zhubao.procedures.plan_files import APPLY, receive_plan_file

pytestmark = pytest.mark.django_db(transaction=True)


def hand_in(county: County, content: bytes) -> None:
    """Hand the file of receipts in and work through it, as upload and worker do."""
    tax = county.at(Role.TAX_CLERK)
    came = receive_plan_file(
        "self_pay_receipts", [content], name="S.csv", plan=county.plan, sender_id=tax.organisation_id or 0, actor=tax, now=MAY
    )
    APPLY["self_pay_receipts"](came.envelope.pk, clock=lambda: MAY)


def test_two_hands_at_the_same_moment() -> None:
    county = pengshui()
    content = file_of("self_pay_receipts", [receipt("冉光荣", 100, 30), receipt("谭贵芳", 100, 100)], "S0")
    assert at_once(lambda: hand_in(county, content), lambda: hand_in(county, content)) == ["done", "done"]
    assert (Envelope.objects.filter(kind="self_pay_receipts").count(), PlanReceipt.objects.count()) == (1, 2)
    assert Posting.objects.filter(subject=row("冉光荣").subject).count() == 3

    centre, other = county.at(Role.AGENCY_REVIEWER), county.at(Role.AGENCY_REVIEWER, other=True)
    both = (lambda: list_refunds(county.plan, actor=centre, now=MAY), lambda: list_refunds(county.plan, actor=other, now=MAY))
    assert at_once(*both) == ["done", "done"]
    assert Refund.objects.count() == 1

    civil, first, second = county.department(CIVIL), county.at(Role.FINANCE_CLERK), county.at(Role.FINANCE_CLERK, other=True)
    rest = [receipt("向中玉", 200, 130)]
    county.receive("self_pay_receipts", rest, batch="S1", now=MAY)
    listed_rows = listed_now(county)
    verify_rows(county.plan, listed_rows, key="v", actor=civil, now=SEPTEMBER)
    submit = lambda: submit_claim(county.plan, CIVIL, actor=civil, now=SEPTEMBER)  # noqa: E731
    assert at_once(submit, submit) == ["E-CLAIM-EMPTY", "done"]
    claim = AssistanceClaim.objects.get()
    enter_budget(county.plan, 100_000, f"彭财社〔{YEAR}〕1号", date(2022, 1, 5), actor=first, now=SEPTEMBER)
    check_claim(claim.pk, actor=first, now=at(9, 26))
    approve_claim(claim.pk, actor=second, now=at(9, 27))
    paying = [
        lambda: pay_claim(claim.pk, date(2022, 10, 10), "国库1", actor=first, now=OCTOBER),
        lambda: pay_claim(claim.pk, date(2022, 10, 10), "国库1", actor=second, now=OCTOBER),
    ]
    assert at_once(*paying) == ["E-STATE", "done"]
    assert Posting.objects.filter(subject=claim.subject, credit="treasury_cash").count() == 1


def listed_now(county: County) -> list[int]:
    """Have tax list the two whose own part is there; return their rows."""
    names = ("冉光荣", "向中玉")
    county.receive("actual_on_behalf", [actual(name) for name in names], batch="A1", now=SEPTEMBER)
    return [row(name).pk for name in names]
