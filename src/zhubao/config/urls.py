"""All addresses: the base pages, what systems call, and one prefix for every actor's folder under web/ that has a `urls` module."""

from importlib import import_module

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("", include("zhubao.web.base_urls")),
    path("api/v1/", include("zhubao.api.urls")),
    *(path(f"{folder.name}/", include(import_module(f"zhubao.web.{folder.name}.urls"))) for folder in settings.ACTOR_FOLDERS),
]

handler403 = "zhubao.web.refusals.forbidden"
handler404 = "zhubao.web.refusals.not_found"
handler500 = "zhubao.web.refusals.broken"
