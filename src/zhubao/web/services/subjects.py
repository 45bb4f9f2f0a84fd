"""How tasks about services asked for are named in the queue."""

from collections.abc import Collection

from django.urls import reverse

from zhubao.accounts.self_service.course import PROCESS
from zhubao.accounts.self_service.models import ServiceRequest
from zhubao.web.cases.subjects import Named, subjects


@subjects("self-service")
def requests(names: Collection[str]) -> dict[str, Named]:
    """Read requests by their keys."""
    found = ServiceRequest.objects.select_related("person").filter(pk__in=[int(name) for name in names])
    return {
        str(each.pk): Named(
            reverse("services:one", args=[each.pk]), str(each.get_service_display()), each.person.masked_name, PROCESS.title
        )
        for each in found
    }
