"""How tasks about transfers are named in the queue."""

from collections.abc import Collection

from django.urls import reverse

from zhubao.accounts.transfers.course import PROCESS
from zhubao.accounts.transfers.models import Transfer
from zhubao.web.cases.subjects import Named, subjects


@subjects("transfer")
def transfers(names: Collection[str]) -> dict[str, Named]:
    """Read transfers by their keys."""
    found = Transfer.objects.select_related("person").filter(pk__in=[int(name) for name in names])
    return {
        str(each.pk): Named(
            reverse("transfers:transfer", args=[each.number]), each.number or "", each.person.masked_name, PROCESS.title
        )
        for each in found
    }
