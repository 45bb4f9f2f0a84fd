"""Who may open these pages, and finding the case an address names."""

from typing import Final

from django.http import Http404

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.roles import EVERY_ROLE, Role
from zhubao.cases.models import Case
from zhubao.cases.selectors import SEES_NO_CASES, case_for
from zhubao.web.refusals import not_theirs

CASE_ROLES: Final = EVERY_ROLE - SEES_NO_CASES
# Departments and tax see no case, but have work of their own waiting.
QUEUE_ROLES: Final = CASE_ROLES | {Role.CERTIFIER, Role.TAX_CLERK}


def found_case(actor: Actor, number: str) -> Case:
    """Return a case with person and offices; raise Http404 for none, for one that is not the post's what `not_theirs` says."""
    try:
        return case_for(actor, number)
    except Case.DoesNotExist as error:
        raise Http404 from error
    except OutOfScope as refusal:
        raise not_theirs(f"case:{number}", refusal, actor) from refusal
