"""Statements as paper and as workbooks, filled from what was kept."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.documents.statements import BorrowerStatement, CollectiveStatementList, WordedChange
from zhubao.loans.models import LoanEvent, Statement
from zhubao.loans.statements.collective import ENDED, LABELS, Audience, Row
from zhubao.loans.statements.figures import changes
from zhubao.loans.statements.reading import causes_of, kept_figures
from zhubao.loans.states.claim import bears_interest
from zhubao.people.actions import number_for_print
from zhubao.policies.claims import implements


@implements("rg-21", as_="feature")
def borrower_statement(statement: Statement, *, actor: Actor, now: datetime) -> BorrowerStatement:
    """Return a statement as it was given out, with what it puts right of the one before it."""
    loan, figures, before = statement.loan, kept_figures(statement), earlier_of(statement)
    differing = changes(kept_figures(before), figures) if before is not None else []
    return BorrowerStatement(
        date=localdate(statement.made_at),
        number=statement.number,
        borrower=loan.person.name,
        citizen_number=number_for_print(loan.person, "对账单", actor=actor, now=now),
        loan_number=loan.number,
        bank=loan.bank.name,
        starts_on=statement.starts_on,
        ends_on=statement.ends_on,
        opening_principal_fen=figures.opening_principal,
        opening_interest_fen=figures.opening_interest,
        draws_fen=figures.draws,
        interest_borrower_fen=figures.interest_borrower,
        interest_finance_fen=figures.interest_finance,
        subsidy_paid_fen=figures.subsidy_paid,
        capitalised_fen=figures.capitalised,
        repaid_principal_fen=figures.repaid_principal,
        repaid_interest_fen=figures.repaid_interest,
        taken_over_fen=figures.taken_over,
        other_fen=figures.other,
        returned_fen=figures.returned,
        closing_principal_fen=figures.closing_principal,
        closing_interest_fen=figures.closing_interest,
        open_interest_fen=figures.open_borrower,
        sha256=statement.sha256,
        bears_interest=bears_interest(loan.policy_id),
        replaces=before.number if before is not None and differing else "",
        changes=tuple(WordedChange(each.label.zh, each.old, each.new) for each in differing),
        reason=_reason(statement, before) if before is not None else "",
    )


def earlier_of(statement: Statement) -> Statement | None:
    """Return the statement of the same period given out before this one; None for the first."""
    return Statement.objects.filter(
        loan_id=statement.loan_id, starts_on=statement.starts_on, ends_on=statement.ends_on, sequence=statement.sequence - 1
    ).first()


def causes_between(before: Statement, after: Statement) -> list[LoanEvent]:
    """Return the events that came in between two statements of a period and take effect in or before it."""
    return [event for event in causes_of(before) if event.entered_at <= after.made_at]


def collective_list(
    audience: Audience, rows: Sequence[Row], starts_on: date, ends_on: date, *, actor: Actor, office: str, now: datetime
) -> CollectiveStatementList:
    """Return a statement over many loans as a list; names masked. How many loans ended stands on the screen, not among amounts."""
    columns = [name for name in audience.columns if name != ENDED]
    return CollectiveStatementList(
        date=localdate(now),
        number=f"{audience.name}-{actor.scope}-{starts_on:%Y%m%d}-{ends_on:%Y%m%d}",
        office=office,
        heading=f"助保贷款对账表（{audience.label.zh}）",
        below=f"{actor.scope}　{starts_on} 至 {ends_on}",
        headings=tuple(LABELS[name].zh for name in columns),
        rows=tuple(
            (row.loan.number, row.loan.person.masked_name, row.loan.bank.name, tuple(row.value(name) for name in columns))
            for row in rows
        ),
    )


def _reason(statement: Statement, before: Statement) -> str:
    events = causes_between(before, statement)
    if not events:
        return "原因：出单后补记了期间内的账。"
    said = "；".join(f"{event.day}（{event.source or '补录'}，{localdate(event.entered_at)} 录入）" for event in events)
    return f"原因：期间内生效、出单后才录入的事项：{said}。"
