"""What every page knows: its navigation, who acts, and whether the data is a demonstration."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from zhubao.access.selectors import is_demonstration

from .navigation import kinds_in, links_for

TYPE_SIZE_COOKIE = "type-size"


def page(request: HttpRequest) -> dict[str, Any]:
    """Return `navigation`, its `current` entry, `post`, `posts`, `citizen`, `demonstration`, `page_language`, `other_language`,
    `large_type`; `several` tells that somebody may act as more than one.
    """
    here = get_language() or settings.LANGUAGE_CODE
    actor = getattr(request, "actor", None)
    navigation = links_for(actor.role, here, kinds_in(actor.scope)) if actor is not None else links_for(None, here)
    open_now = [entry for entry in navigation if request.path.startswith(entry.address)]
    return {
        "navigation": navigation,
        "current": max(open_now, key=lambda entry: len(entry.address), default=None),
        "post": getattr(request, "post", None),
        "posts": getattr(request, "posts", []),
        "citizen": getattr(request, "person", None),
        "several": len(getattr(request, "posts", [])) + (getattr(request, "account", None) is not None) > 1,
        "demonstration": is_demonstration(),
        "page_language": "zh-Hans" if here.startswith("zh") else here,
        "other_language": "en" if here.startswith("zh") else "zh-hans",
        "large_type": request.COOKIES.get(TYPE_SIZE_COOKIE) == "large",
    }
