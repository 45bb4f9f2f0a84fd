"""Who may open these pages, and finding the account or run an address names."""

from collections.abc import Sequence
from typing import Any, Final

from django.http import Http404

from zhubao.access import clock
from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.roles import AGENCY_ROLES, Role
from zhubao.accounts.interest.actions import APPROVING_ROLES, TRYING_ROLES
from zhubao.accounts.models import Account, Entry, InterestRun, Source, SubsidyRun
from zhubao.accounts.statement import RunningEntry, YearLine, years_of
from zhubao.accounts.subsidies.table import DECIDING_ROLES
from zhubao.documents.accounts import AccountStatement, AccountYear
from zhubao.documents.amounts import amount_in_yuan
from zhubao.people.actions import number_for_print
from zhubao.web.auditor.words import subject_said
from zhubao.web.refusals import not_theirs

READING_ROLES: Final = (AGENCY_ROLES | {Role.FINANCE_CLERK, Role.HRSS_SUPERVISOR, Role.AUDITOR}) - {Role.AGENCY_ADMINISTRATOR}
PERSON_ROLES: Final = (AGENCY_ROLES | {Role.AUDITOR}) - {Role.AGENCY_ADMINISTRATOR}
RATE_ROLES: Final = frozenset(DECIDING_ROLES) & READING_ROLES
GROUPS: Final = ("came", "interest", "left")


def found_account(actor: Actor, account_id: int) -> Account:
    """Return an account a post may open; Http404 for none, for one of another county what `not_theirs` says."""
    try:
        return Account.objects.select_related("person").get_for(actor, pk=account_id)
    except Account.DoesNotExist as error:
        raise Http404 from error
    except OutOfScope as refusal:
        raise not_theirs(f"account:{account_id}", refusal, actor) from refusal


def found_interest(actor: Actor, run_id: int) -> InterestRun:
    """Return an interest run of the post's region; Http404 for none."""
    try:
        return InterestRun.objects.select_related("previous").get_for(actor, pk=run_id)
    except InterestRun.DoesNotExist as error:
        raise Http404 from error
    except OutOfScope as refusal:
        raise not_theirs(f"interest_run:{run_id}", refusal, actor) from refusal


def found_subsidies(actor: Actor, run_id: int) -> SubsidyRun:
    """Return a subsidy run of the post's region; Http404 for none."""
    try:
        return SubsidyRun.objects.get_for(actor, pk=run_id)
    except SubsidyRun.DoesNotExist as error:
        raise Http404 from error
    except OutOfScope as refusal:
        raise not_theirs(f"subsidy_run:{run_id}", refusal, actor) from refusal


def tabs(actor: Actor) -> dict[str, Any]:
    """Return what `accounts/tabs.html` and the forms need: what the post may do here."""
    return {
        "may_find": actor.role in PERSON_ROLES,
        "may_try": actor.role in TRYING_ROLES,
        "may_approve": actor.role in APPROVING_ROLES,
        "may_enter_rates": actor.role in RATE_ROLES,
    }


def year_rows(lines: Sequence[YearLine]) -> list[tuple[YearLine, str]]:
    """Return years with their sources in words; the sum of a year has none."""
    return [(line, str(Source(line.source).label) if line.source else "") for line in lines]


def entry_rows(rows: Sequence[RunningEntry]) -> list[tuple[RunningEntry, str]]:
    """Return entries with what each was made for: a year's interest, or its subject and key."""
    return [(row, made_for(row.entry)) for row in rows]


def made_for(entry: Entry) -> str:
    """Return what an entry was made for, in words; one of a run over many accounts names its batch."""
    return subject_said(entry.subject or f"account_batch:{entry.batch_id}")


def statement_of(account: Account, entries: Sequence[Entry], *, office: str, actor: Actor) -> AccountStatement:
    """Return the person's statement, every year by source, with name and number in full."""
    now = clock.now()
    return AccountStatement(
        date=clock.today(),
        number=f"{account.region_code}-{account.pk}-{clock.today():%Y%m%d}",
        office=office,
        person=account.person.name,
        citizen_number=number_for_print(account.person, "个人账户对账单", actor=actor, now=now),
        balance=amount_in_yuan(sum(entry.amount_fen for entry in entries)),
        rows=tuple(
            AccountYear(
                str(line.year),
                source,
                line.opening_fen,
                line.came_fen,
                line.interest_fen,
                line.left_fen,
                line.closing_fen,
            )
            for line, source in _in_chinese(years_of(entries))
        ),
    )


def _in_chinese(lines: Sequence[YearLine]) -> list[tuple[YearLine, str]]:
    from django.utils.translation import override

    with override("zh-hans"):
        return year_rows(lines)
