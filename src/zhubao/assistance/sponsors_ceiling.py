"""How much a sponsor may pay for a person: the fee less the public part and what is paid already, under the rules of the place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from django.db.models import Sum
from django.utils.timezone import localdate

from zhubao.errors import ZhubaoError
from zhubao.evidence.figures import book_at
from zhubao.language import Text
from zhubao.parameters.questions import Settled, settle
from zhubao.people.models import Person
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region

from .models import PlanRow, SponsoredPerson

NOT_SUBSIDISED, UP_TO_TIER = "A-GZ-7", "A-GZ-8"
# People outside the plan whose contributions are sponsored on the part no government pays; a place adds others under "other".
GROUPS: Final[dict[str, Text]] = {
    "land_expropriated": Text("被征地农民", "farmers whose land was taken"),
    "ex_fisherman": Text("退捕渔民", "former fishermen"),
    "other": Text("其他群体（当地规定）", "other groups of the place"),
}
CODES: Final[dict[str, Text]] = {
    "ceiling": Text("超过资助限额", "above the ceiling"),
    "tier": Text("没有所选缴费档次", "no tier is chosen"),
    "excluded": Text("今年不参加本计划缴费", "pays nothing under this plan this year"),
    "deceased": Text("已死亡", "deceased"),
}
NOT_PAYING: Final = frozenset({"excluded", "cancelled"})


class Offered(Protocol):
    """What an offer says about a person."""

    @property
    def row(self) -> PlanRow | None:
        """The row of the plan, None for somebody outside it."""

    @property
    def tier_fen(self) -> int:
        """The fee of somebody outside the plan."""

    @property
    def government_fen(self) -> int:
        """The public part of somebody outside the plan."""


@dataclass(frozen=True)
class Ceiling:
    """A ceiling with what it is made of, in fen: fee − public part − what others pay; `refused` names why nothing may be paid at all.

    `settled` are the answers to the two open questions it rests on.
    """

    tier_fen: int
    government_fen: int
    others_fen: int
    ceiling_fen: int
    refused: str
    settled: tuple[Settled, ...] = ()

    @property
    def provisional(self) -> tuple[str, ...]:
        """The questions nobody has decided for the place."""
        return tuple(each.question.id for each in self.settled if not each.confirmed)


@implements("gz-2a", "gz-2b", as_="feature")
def ceiling_of(person: Person, offered: Offered, year: int, region_code: str, now: datetime) -> Ceiling:
    """Return the ceiling of a person in a year under the rules in force on the day; raise E-SETTING-VALUE for a rule nobody wrote here.

    The public part of somebody in the plan is what is paid on behalf; what others pay is what the person paid and what other sponsors
    paid in that year.
    """
    rules = rules_on(now, region_code)
    row = offered.row
    tier, government = (row.tier_fen, row.on_behalf_fen) if row else (offered.tier_fen, offered.government_fen)
    if row is not None and row.state in NOT_PAYING:
        return Ceiling(tier, government, 0, 0, "excluded", rules)
    if person.dead_on(localdate(now)):
        return Ceiling(tier, government, 0, 0, "deceased", rules)
    if tier <= 0:
        return Ceiling(0, 0, 0, 0, "tier", rules)
    # What a sponsor paid counts in the own part of a row once it is on the account: it is not to be counted twice.
    own = max(0, row.self_paid_fen - sponsored_in_rows([row.pk]).get(row.pk, 0)) if row else 0
    others = own + sponsored_fen(person.pk, year)
    return Ceiling(tier, government, others, max(0, tier - government - others), "", rules)


def rules_on(now: datetime, region_code: str) -> tuple[Settled, ...]:
    """Return how a place answers the two open questions now; E-SETTING-VALUE for an answer that is not worked out here."""
    book, day = book_at(now), localdate(now)
    found = tuple(settle(book, question, day, area_of_region(region_code)) for question in (NOT_SUBSIDISED, UP_TO_TIER))
    for each, known in zip(found, ("fee_less_subsidy", "up_to_tier"), strict=True):
        if each.value != known:
            raise ZhubaoError(
                "E-SETTING-VALUE",
                Text(f"资助限额规则“{each.value}”没有对应的算法", f"no rule {each.value!r} for the ceiling is worked out"),
                place=each.question.id,
            )
    return found


def sponsored_fen(person_id: int, year: int) -> int:
    """Return what sponsors have paid for a person in a year."""
    paid = SponsoredPerson.objects.filter(
        person_id=person_id, sponsorship__year=year, sponsorship__state__in=("paid", "recorded", "receipted")
    )
    total: int = paid.aggregate(fen=Sum("accepted_fen", default=0))["fen"]
    return total


def sponsored_in_rows(row_ids: Iterable[int]) -> dict[int, int]:
    """Return how much of what rows count as paid by the person came from sponsors: it is on the account from that source already."""
    recorded = SponsoredPerson.objects.filter(row_id__in=list(row_ids), sponsorship__state__in=("recorded", "receipted"))
    return dict(recorded.order_by().values_list("row_id").annotate(fen=Sum("accepted_fen")))
