"""Findings of fraud in every stage of their course: most touch no loan yet, two are being paid back or have been."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Max

from zhubao.access.roles import Role
from zhubao.cases.models import Agreement
from zhubao.loans.fraud import actions as fraud
from zhubao.loans.fraud.claiming import open_of
from zhubao.loans.models import FraudFinding, Loan
from zhubao.loans.states import process_of

from .endings import ending_of
from .offices import Desk

# Each stage, and the step that leads to it from the one before; a finding that is dropped has been told of before.
STAGES = ("opened", "notified", "agency_decided", "dropped")
RECOVERING = ("recovering", "recovered")
FACTS = {
    "false_proof": "复核时发现困难证明系伪造（演示）",
    "diverted": "税务未收到缴费，放款被取现另用（演示）",
    "false_claim": "同一期间已由单位缴费，仍申报贴息（演示）",
}
BEGAN, A_STEP = timedelta(days=13), timedelta(days=2)


def find_fraud(desk: Desk, *, now: datetime) -> list[FraudFinding]:
    """Have findings opened in a county and each carried to its stage; what is paid back is that of loans that have long been quiet."""
    loans = _loans(desk, now)
    quiet = [loan for loan in loans if loan.last < now - BEGAN][: len(RECOVERING)]  # type: ignore[attr-defined]
    others = [loan for loan in loans if loan not in quiet]
    planned = [*zip(quiet, RECOVERING, strict=False), *zip(others, STAGES, strict=False)]
    return [_carried(desk, loan, stage, number, now) for number, (loan, stage) in enumerate(planned)]


def _loans(desk: Desk, now: datetime) -> list[Loan]:
    """Return the loans that have drawn some time ago and for which no ending is planned, with the moment of their `last` step."""
    planned = [
        agreement.case.number
        for agreement in Agreement.objects.select_related("case").filter(case__region_code__startswith=desk.region.code)
        if ending_of(agreement.number)
    ]
    indebted = process_of(desk.region.policy).transition("settle_recovered").start
    return list(
        Loan.objects.filter(policy_id=desk.region.policy, region_code__startswith=desk.region.code, state__in=indebted)
        .filter(tranches__drawn_on__lt=(now - BEGAN).date())
        .exclude(case_number__in=planned)
        .select_related("bank")
        .annotate(last=Max("steps__at"))
        .order_by("pk")
    )


def _carried(desk: Desk, loan: Loan, stage: str, number: int, now: datetime) -> FraudFinding:
    moment = now - BEGAN
    kind = list(FACTS)[number % len(FACTS)]
    opener = desk.at(Role.AGENCY_REVIEWER)
    key = f"demonstration/{loan.number}"
    finding = fraud.open_finding(loan.pk, kind, FACTS[kind], moment.date(), key=key, actor=opener, now=moment)
    for step in _steps(desk, finding, loan, stage):
        moment += A_STEP
        step(moment)
    finding.refresh_from_db()
    assert finding.state == stage, (finding.state, stage)
    return finding


def _steps(desk: Desk, finding: FraudFinding, loan: Loan, stage: str) -> list[Callable[[datetime], object]]:
    """Return what is done with a finding after it was opened until it stands in a stage."""
    pk, approver = finding.pk, desk.at(Role.AGENCY_APPROVER)

    def serve(at: datetime) -> None:
        fraud.serve_notice(pk, at.date(), "送达回证（演示）", actor=desk.at(Role.AGENCY_ACCOUNTANT), now=at)

    def hear(at: datetime) -> None:
        said = "本人到场陈述：材料由他人代办，本人不知情（演示）"
        fraud.take_statement(pk, said, actor=desk.at(Role.AGENCY_INTAKE), now=at)

    def decide(at: datetime) -> None:
        fraud.decide_finding(pk, "经发证单位核实属实（演示）", actor=approver, now=at)

    def drop(at: datetime) -> None:
        fraud.drop_finding(pk, "发证单位补正了登记，证明有效（演示）", actor=approver, now=at)

    def agree(at: datetime) -> None:
        fraud.agree_finding(pk, actor=desk.at(Role.FINANCE_CLERK), now=at)

    def pay(whole: bool, at: datetime) -> None:
        left, officer = open_of(FraudFinding.objects.get(pk=pk), at.date()), desk.at(Role.BANK_OFFICER, loan.bank)
        fraud.record_repayment(pk, "ZH-1", at.date(), left.bank_fen if whole else left.bank_fen // 2, actor=officer, now=at)
        if whole and left.subsidy_fen:
            fraud.record_refund(pk, "ZH-2", at.date(), left.subsidy_fen, actor=desk.at(Role.FINANCE_CLERK), now=at)

    decided: list[Callable[[datetime], object]] = [serve, hear, decide]
    by_stage: dict[str, list[Callable[[datetime], object]]] = {
        "opened": [],
        "notified": [serve],
        "agency_decided": decided,
        "dropped": [serve, hear, drop],
        "recovering": [*decided, agree, partial(pay, False)],
        "recovered": [*decided, agree, partial(pay, True)],
    }
    return by_stage[stage]
