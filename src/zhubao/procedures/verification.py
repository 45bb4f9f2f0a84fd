"""What `zhubao verify` checks. A check is a function of a region code; a new one is added to `CHECKS`."""

from collections.abc import Callable, Iterator
from typing import TypedDict

from zhubao.access.audit import broken_links
from zhubao.access.models import AuditEntry
from zhubao.accounts.control import differences as control_differences
from zhubao.evidence.models import Snapshot
from zhubao.evidence.selectors import unfaithful
from zhubao.loans.verifying import balances_beside_postings, books_beside_replay


class Result(TypedDict):
    """One check: its name, how many things were looked at, and every difference in words."""

    name: str
    checked: int
    differences: list[str]


def audit_chain(region_code: str) -> Result:
    """Check that no audit entry was changed or taken out."""
    differences = [f"{link.chain}/{link.number}: {link.fault}" for link in broken_links(region_code)]
    count = AuditEntry.objects.filter(chain__startswith=region_code[:6]).count()
    return {"name": "audit_chain", "checked": count, "differences": differences}


def snapshots(region_code: str) -> Result:
    """Check that every decision's snapshot is as it was sealed and is judged the same again."""
    differences = [f"{snapshot.pk}: {snapshot.policy_id} {snapshot.on}" for snapshot in unfaithful(region_code)]
    count = Snapshot.objects.filter(region_code__startswith=region_code).count()
    return {"name": "snapshots", "checked": count, "differences": differences}


def loan_books(region_code: str) -> Result:
    """Check that the postings of every loan are what its events come to when replayed."""
    checked, differences = 0, []
    for number, faults in books_beside_replay(region_code):
        checked += 1
        differences += [f"{number}: {fault}" for fault in faults]
    return {"name": "loan_books", "checked": checked, "differences": differences}


def loan_balances(region_code: str) -> Result:
    """Check that what every loan owes by its postings is where the month-end left it."""
    checked, differences = balances_beside_postings(region_code)
    return {"name": "loan_balances", "checked": checked, "differences": differences}


def account_control(region_code: str) -> Result:
    """Check that the fund's control account is what the entries of all personal accounts come to, by county and source."""
    checked, differences = control_differences(region_code)
    return {"name": "account_control", "checked": checked, "differences": differences}


CHECKS: tuple[Callable[[str], Result], ...] = (audit_chain, snapshots, loan_books, loan_balances, account_control)


def checks(region_code: str = "") -> Iterator[Result]:
    """Run every check on a region ("" is everything)."""
    for check in CHECKS:
        yield check(region_code)
