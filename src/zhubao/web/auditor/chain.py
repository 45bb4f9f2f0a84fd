"""Whether the chain of entries is whole: checked on demand, a long chain in parts."""

from itertools import islice
from typing import Final

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhubao.access.audit import broken_links_between
from zhubao.access.audit_log import READING_ROLES, chains_for
from zhubao.access.models import Region
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .words import FAULTS

# About one second of work; a longer chain is checked from its newest part backwards.
PART: Final = 20_000
FAULTS_SHOWN: Final = 100


@require_GET
@for_posts(*READING_ROLES)
def listing(request: PostRequest) -> HttpResponseBase:
    """List the chains of the scope with their newest link."""
    chains = chains_for(request.actor)
    names = dict(Region.objects.filter(code__in=[chain.code for chain in chains]).values_list("code", "name"))
    rows = [{"chain": chain, "name": names.get(chain.code, chain.code)} for chain in chains]
    return render(request, "auditor/chains.html", {"rows": rows})


@require_GET
@for_posts(*READING_ROLES)
def one(request: PostRequest, code: str) -> HttpResponseBase:
    """Check one part of a chain, the newest unless `from` names its first entry."""
    chain = next((chain for chain in chains_for(request.actor) if chain.code == code), None)
    if chain is None:
        request.actor.require_region(code)
        raise Http404
    asked = request.GET.get("from", "")
    first = int(asked) if asked.isdecimal() and len(asked) < 19 else chain.length - PART + 1
    first = min(max(first, 1), chain.length)
    last = min(first + PART - 1, chain.length)
    broken = list(islice(broken_links_between(code, first, last), FAULTS_SHOWN))
    context = {
        "chain": chain,
        "name": Region.objects.filter(code=code).values_list("name", flat=True).first() or code,
        "first": first,
        "last": last,
        "broken": [(link.number, FAULTS[link.fault]) for link in broken],
        "more": len(broken) == FAULTS_SHOWN,
        "earlier": max(first - PART, 1) if first > 1 else None,
        "later": last + 1 if last < chain.length else None,
    }
    return render(request, "auditor/chain.html", context)
