"""What the subject of a task is: its address, number, name and programme. Each part of the product brings its own prefix.

A reader is given all subjects of a page at once and answers with a fixed number of queries:

    @subjects("loan")
    def loans(names: Collection[str]) -> dict[str, Named]: ...     # names without "loan:"
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.db.models import Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from zhubao.cases.models import Case, Renewal
from zhubao.cases.selectors import borrowers_of
from zhubao.identity import mask_name
from zhubao.language import Text
from zhubao.policies import judge_of


@dataclass(frozen=True)
class Named:
    """What a list shows of a subject: where it leads, its number, whom it is about (masked), its programme."""

    address: str
    number: str
    person: str
    programme: Text
    trial: bool = False


Reader = Callable[[Collection[str]], dict[str, Named]]
_READERS: dict[str, Reader] = {}


def subjects(prefix: str) -> Callable[[Reader], Reader]:
    """Say who reads the subjects with a prefix; ValueError when somebody does already."""

    def keep(reader: Reader) -> Reader:
        if _READERS.setdefault(prefix, reader) is not reader:
            raise ValueError(f"{prefix} is read already")
        return reader

    return keep


def named(found: Iterable[str]) -> dict[str, Named]:
    """Return what is known of each subject; one that nobody reads is left out."""
    by_prefix: dict[str, list[str]] = defaultdict(list)
    for subject in found:
        prefix, _colon, name = subject.partition(":")
        by_prefix[prefix].append(name)
    known: dict[str, Named] = {}
    for prefix, names in by_prefix.items():
        if prefix in _READERS:
            known |= {f"{prefix}:{name}": each for name, each in _READERS[prefix](names).items()}
    return known


def of_case(case: Case, *, number: str = "", address: str = "") -> Named:
    """Return what a list shows of a case read with its person."""
    policy = judge_of(case.policy_id).policy
    address = address or reverse("cases:case", args=[case.number])
    return Named(address, number or case.number, case.person.masked_name, policy.title, case.trial)


@subjects("case")
def cases(names: Collection[str]) -> dict[str, Named]:
    """Read cases by their numbers: what a list shows of them and no more."""
    # One address is looked up, the others are written like it: the numbers need no quoting.
    address = reverse("cases:case", args=["-"])
    return {
        number: Named(address.replace("-", number), number, mask_name(name), judge_of(policy_id).policy.title, trial)
        for number, policy_id, trial, name in borrowers_of(names)
    }


@subjects("renewal")
def renewals(names: Collection[str]) -> dict[str, Named]:
    """Read renewals by loan number and year; they lead to their own page."""
    found = Renewal.objects.annotate(
        named=Concat("loan_number", Value("/"), Cast("year", CharField()), output_field=CharField())
    ).filter(named__in=names, loan_number__in={name.partition("/")[0] for name in names})
    return {
        f"{each.loan_number}/{each.year}": of_case(
            each.case,
            number=f"{each.loan_number}/{each.year}",
            address=reverse("village:renewal", args=[each.loan_number, each.year]),
        )
        for each in found.select_related("case__person")
    }
