"""Whom the citizen numbers of a file mean, all of them looked up at once."""

from collections.abc import Iterable
from datetime import date

from zhubao.identity import CitizenNumber, normalise, read_number

from .keys import keys
from .models import FormerNumber, Person


def find_all(id_numbers: Iterable[str]) -> dict[str, Person]:
    """Return by citizen number, as it is written, the persons that `selectors.find` would return one by one; nothing is decrypted.

    Numbers nobody has are left out. For actions and imports, as `find` is.
    """
    held = keys()
    digests = {written: held.digest(_plain(written)) for written in set(id_numbers)}
    wanted = list(set(digests.values()))
    found = {bytes(each.id_number_index): each for each in Person.objects.filter(id_number_index__in=wanted)}
    rest = [digest for digest in wanted if digest not in found]
    if rest:
        for former in FormerNumber.objects.filter(index__in=rest).select_related("person"):
            found[bytes(former.index)] = former.person
    return {written: found[digest] for written, digest in digests.items() if digest in found}


def _plain(written: str) -> str:
    read = read_number(written, date.max)
    return read.text if isinstance(read, CitizenNumber) else normalise(written)
