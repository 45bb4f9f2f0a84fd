"""Words and tones of claims and their lines in the page's language."""

from typing import Final

from django.utils.translation import gettext as _

from zhubao.loans.claims.stepping import course_of
from zhubao.loans.claims.words import CAUSES, refusal_words
from zhubao.loans.models import SubsidyClaim
from zhubao.web.clerk.words import said

TONES: Final = {"received": "info", "checked": "wait", "returned": "bad", "paid": "ok"}


def state_said(claim: SubsidyClaim) -> str:
    """Return the state of a claim in words."""
    if claim.state == "checked" and claim.checked_at is None:
        return _("being recomputed")
    return said(course_of(claim.policy_id).state(claim.state).label)


def tone_of(claim: SubsidyClaim) -> str:
    """Return the tone of a claim's state."""
    return TONES.get(claim.state, "info")


def cause_said(cause: str) -> str:
    """Return a cause in words; "" for none."""
    return said(CAUSES[cause]) if cause else ""


def refusal_said(code: str) -> str:
    """Return why a line was refused, in words; "" for one that was not."""
    return said(refusal_words(code)) if code else ""
