"""A yearly verification in the background: everybody looked up, then the budget reckoned; and many findings confirmed at once."""

from collections.abc import Callable
from datetime import date, datetime

from zhubao.access.actors import Actor
from zhubao.loans.models import VerificationRun
from zhubao.loans.verification.budget import measure
from zhubao.loans.verification.deciding import confirm_all
from zhubao.loans.verification.running import work_on
from zhubao.loans.verification.selectors import proposals_of

SYSTEM = "verification"


def run_verification(run_id: int, *, clock: Callable[[], datetime]) -> VerificationRun:
    """Do a run that was opened and reckon its budget; after any stop it goes on where it stood, and a finished one stays as it is."""
    run = VerificationRun.objects.get(pk=run_id)
    work_on(run.pk, actor=Actor.system(SYSTEM, run.region_code), now=clock())
    return measure(run.pk, clock=clock)


def confirm_found(
    run_id: int,
    *,
    finding: str = "",
    ground: str = "",
    certifier: str | None = None,
    effective_on: date | None = None,
    reason: str = "",
    actor: Actor,
    clock: Callable[[], datetime],
) -> tuple[int, int]:
    """Confirm every finding of a run that a filter keeps and that waits; return and raise as `confirm_all` does."""
    run = VerificationRun.objects.get(pk=run_id)
    waiting = proposals_of(run, finding=finding, ground=ground, certifier=certifier).open()
    ids = waiting.order_by("pk").values_list("pk", flat=True)
    return confirm_all(run_id, ids, effective_on=effective_on, reason=reason, actor=actor, clock=clock)
