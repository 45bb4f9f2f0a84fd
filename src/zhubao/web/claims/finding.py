"""Finding the claim an address names."""

from django.http import Http404

from zhubao.access.actors import Actor
from zhubao.loans.claims.selectors import claim_for
from zhubao.loans.models import SubsidyClaim


def found_claim(actor: Actor, number: str) -> SubsidyClaim:
    """Return a claim the post may see; raise Http404 for any other, as if it were not there."""
    try:
        return claim_for(actor, number)
    except SubsidyClaim.DoesNotExist as error:
        raise Http404 from error
