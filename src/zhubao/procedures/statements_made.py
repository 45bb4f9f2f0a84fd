"""A year's statements: made in the background, chunk by chunk, each borrower told that theirs is there."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from zhubao.access.actors import Actor
from zhubao.documents.amounts import amount_in_yuan
from zhubao.loans.models import Statement, StatementRun
from zhubao.loans.statements.making import finish_statement_run, loans_of_run, make_for_run
from zhubao.loans.statements.reading import kept_figures
from zhubao.notices.actions import tell
from zhubao.notices.models import Channel
from zhubao.policies.claims import implements

SYSTEM = "statements"
CHUNK = 200


@implements("rg-21", "jx-2.2c", as_="action")
def run_statements(run_id: int, *, clock: Callable[[], datetime]) -> StatementRun:
    """Make what a run still lacks and close it; after any stop it goes on where it stood, and nobody is told twice."""
    run = StatementRun.objects.get(pk=run_id)
    actor = Actor.system(SYSTEM, run.region_code)
    left = loans_of_run(run)
    for at in range(0, len(left), CHUNK):
        with transaction.atomic():
            now = clock()
            for statement in make_for_run(run, left[at : at + CHUNK], actor=actor, now=now):
                tell_borrower(statement, actor=actor, now=now)
    return finish_statement_run(run.pk, actor=actor, now=clock())


def tell_borrower(statement: Statement, *, actor: Actor, now: datetime) -> None:
    """Tell the borrower that a statement is there and what it comes to; once a statement."""
    loan, figures = statement.loan, kept_figures(statement)
    tell(
        loan.subject,
        f"{statement.starts_on} 至 {statement.ends_on} 的对账单已出：期初欠 {amount_in_yuan(figures.opening)} 元，"
        f"期末欠 {amount_in_yuan(figures.owed)} 元。有不对的地方，请向贷款银行或社保经办机构提出。",
        kind="statement",
        channel=Channel.ONLINE,
        region_code=loan.region_code,
        person_id=loan.person_id,
        occasion=f"{statement.starts_on}/{statement.ends_on}/{statement.sequence}",
        actor=actor,
        now=now,
    )
