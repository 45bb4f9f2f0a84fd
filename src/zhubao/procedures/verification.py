"""What `zhubao verify` checks. A check is a function of a region code; a new one is added to `CHECKS`."""

from collections.abc import Callable, Iterator
from typing import TypedDict

from zhubao.access.audit import broken_links
from zhubao.access.models import AuditEntry


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


CHECKS: tuple[Callable[[str], Result], ...] = (audit_chain,)


def checks(region_code: str = "") -> Iterator[Result]:
    """Run every check on a region ("" is everything)."""
    for check in CHECKS:
        yield check(region_code)
