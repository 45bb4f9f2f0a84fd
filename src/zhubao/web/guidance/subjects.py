"""How tasks about helping somebody to enrol are named in the queue."""

from collections.abc import Collection

from django.urls import reverse

from zhubao.accounts.helping.course import PROCESS
from zhubao.accounts.helping.models import EnrolmentHelp
from zhubao.web.cases.subjects import Named, subjects


@subjects("enrolment-help")
def helps(names: Collection[str]) -> dict[str, Named]:
    """Read people to be helped by their keys."""
    found = EnrolmentHelp.objects.select_related("person").filter(pk__in=[int(name) for name in names])
    return {
        str(each.pk): Named(
            reverse("guidance:one", args=[each.pk]), str(each.get_ground_display()), each.person.masked_name, PROCESS.title
        )
        for each in found
    }
