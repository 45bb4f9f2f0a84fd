"""The registration list: everybody of 16 and more on record who is in no pension scheme, and what came of registering each of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When

from zhubao.access.actors import Actor
from zhubao.access.models import Region
from zhubao.language import Text
from zhubao.people.models import Identity, InsuredRecord, Person, Scheme
from zhubao.policies.claims import implements
from zhubao.rosters.models.matching import Difference, DifferenceKind, DifferenceState
from zhubao.rosters.models.matching import Outcome as Settled

from .actions import OLDEST, YOUNGEST
from .models import EnrolmentHelp

TOWNSHIP_DIGITS: Final = 9
OUTCOMES: Final[dict[str, Text]] = {
    "enrolled": Text("已办参保", "enrolled"),
    "elsewhere": Text("已在外地或其他制度参保", "insured elsewhere"),
    "refused": Text("本人不参保", "does not want to"),
    "exempt": Text("在校、服役或服刑，暂不参保", "at school, in service or in prison: not now"),
    "pensionable": Text("已满 60 周岁，按待遇核查办理", "60 or older: looked at for benefits"),
    "difference": Text("名册比对中，乡镇核实", "a difference of a department's list, with the township"),
    "open": Text("帮办中", "being helped"),
    "none": Text("尚未比对", "not looked up yet"),
}
"""What came of somebody; every person of the list has exactly one."""


@dataclass
class Village:
    """One place of the list: how many people it has in all and by what came of them."""

    code: str
    name: str
    outcomes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))

    @property
    def people(self) -> int:
        """Everybody on the list."""
        return sum(self.outcomes.values())


@implements("gz-3a", as_="feature")
def registration_list(actor: Actor, on: date) -> QuerySet[Any]:
    """Return the people of a post's region on the list, each with `outcome` (of `OUTCOMES`) and `help` (the key of the help, or None).

    On it is who is 16 on a day, alive, and in no scheme by the register, or on a department's list and not in the register; and whoever
    was helped to enrol, so that an outcome stays to be seen.
    """
    current = InsuredRecord.objects.filter(person=OuterRef("pk"), superseded_at=None)
    helped = EnrolmentHelp.objects.filter(person=OuterRef("pk")).order_by("-pk")
    listed = Identity.objects.in_force(on).filter(person=OuterRef("pk"))
    not_insured = ~Exists(current.exclude(scheme=Scheme.NONE)) & (Exists(current.filter(scheme=Scheme.NONE)) | Exists(listed))
    differs = Difference.objects.filter(person=OuterRef("pk"), kind=DifferenceKind.NOT_ENROLLED)
    away = Q(student=True) | Q(military=True) | Q(imprisoned=True)
    return (
        Person.objects.seen_by(actor)
        .filter(not_insured | Exists(helped), died_on=None, born__lte=_birthday(on, YOUNGEST))
        .annotate(
            help=Subquery(helped.values("pk")[:1]),
            help_state=Subquery(helped.values("state")[:1]),
            help_scheme=Subquery(helped.values("scheme")[:1]),
            help_place=Subquery(helped.values("place")[:1]),
        )
        .annotate(
            outcome=Case(
                When(help_state__in=("open", "enrolled", "refused", "elsewhere"), then=F("help_state")),
                # Of a closed help the scheme or the place says what its outcome was.
                When(Q(help_state="closed") & ~Q(help_scheme=""), then=Value("enrolled")),
                When(Q(help_state="closed") & ~Q(help_place=""), then=Value("elsewhere")),
                When(help_state="closed", then=Value("refused")),
                When(Exists(differs.filter(outcome=Settled.REFUSED)), then=Value("refused")),
                When(Exists(differs.filter(state=DifferenceState.OPEN)), then=Value("difference")),
                When(Exists(current.filter(away)), then=Value("exempt")),
                When(born__lte=_birthday(on, OLDEST), then=Value("pensionable")),
                default=Value("none"),
                output_field=CharField(),
            )
        )
        .order_by("region_code", "pk")
    )


def by_village(people: QuerySet[Any]) -> list[Village]:
    """Return the places of the people of a list in the order of their codes, with how many stand where."""
    counted = list(people.order_by().values_list("region_code", "outcome").annotate(Count("pk")))
    names = place_names({code for code, _outcome, _count in counted})
    found: dict[str, Village] = {}
    for code, outcome, number in counted:
        found.setdefault(code, Village(code, names[code])).outcomes[outcome] += number
    return [found[code] for code in sorted(found)]


def place_names(codes: Iterable[str]) -> dict[str, str]:
    """Return what places are called, a village after its township: several townships have a village of the same name."""
    wanted = set(codes)
    known = Region.objects.filter(code__in=wanted | {code[:TOWNSHIP_DIGITS] for code in wanted})
    names = dict(known.values_list("code", "name"))
    return {
        code: " ".join(names[part] for part in dict.fromkeys((code[:TOWNSHIP_DIGITS], code)) if part in names) or code
        for code in wanted
    }


def _birthday(on: date, years: int) -> date:
    """Return the last day of birth of whoever has reached an age on a day; as helping counts it."""
    return date(on.year - years, on.month, min(on.day, 28))
