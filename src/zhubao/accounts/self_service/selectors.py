"""Which services fit a person, and how much of their use is online, township by township."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left

from zhubao.access.actors import Actor
from zhubao.access.models import Region
from zhubao.language import Text
from zhubao.people.models import InsuredRecord, Person, Scheme
from zhubao.policies.claims import implements

from ..benefits.models import Benefit, BenefitStep
from .models import Service, ServiceRequest

CLAIM: Final = "claim"
SERVICES: Final[dict[str, Text]] = {
    Service.ENROL: Text("参保登记", "enrolment"),
    CLAIM: Text("待遇申领", "claim of the pension"),
    Service.AUTHENTICATE: Text("资格认证", "proof of life"),
}
TOWNSHIP_DIGITS: Final = 9


@dataclass
class Used:
    """How often a service was asked for at a place: in all, and online."""

    asked: int = 0
    online: int = 0

    @property
    def share(self) -> str:
        """The share online in per cent with one digit, cut off: 2 of 3 → ``66.6%``; ``—`` for nobody."""
        if not self.asked:
            return "—"
        thousandths = self.online * 1000 // self.asked
        return f"{thousandths // 10}.{thousandths % 10}%"


@dataclass
class Township:
    """The use of the three services at one place; `code` is the county's where no township is known."""

    code: str
    name: str
    services: dict[str, Used] = field(default_factory=lambda: {name: Used() for name in SERVICES})

    @property
    def all(self) -> Used:
        """The three together."""
        used = self.services.values()
        return Used(sum(each.asked for each in used), sum(each.online for each in used))


def unfit(person: Person, service: str) -> Text | None:
    """Return why a service does not fit what is on record of a person; None where it does."""
    current = InsuredRecord.objects.filter(person=person, superseded_at=None)
    if service == Service.ENROL and current.exclude(scheme=Scheme.NONE).exists():
        return Text("您已参加养老保险，不用再办参保登记", "already in a pension scheme: no need to enrol")
    draws = current.filter(receiving_pension=True).exists() or Benefit.objects.filter(person=person, state="granted").exists()
    if service == Service.AUTHENTICATE and not draws:
        return Text("还没有领取养老金，不用认证", "no pension is drawn yet: nothing to prove")
    return None


@implements("ps-3.2e", as_="feature")
def online_use(actor: Actor, first: date, last: date) -> list[Township]:
    """Return by township how often each service was asked for from one day to another, both counted, and how often online.

    A claim counts when it was made; online is what the person did without an office.
    """
    found: dict[str, Township] = {}

    def add(rows: QuerySet[Any], path: str, service: str | None, online: Q) -> None:
        counted = rows.order_by().annotate(place=Left(path, TOWNSHIP_DIGITS))
        names = ["place"] if service else ["place", "service"]
        for row in counted.values(*names).annotate(asked=Count("pk"), online_count=Count("pk", filter=online)):
            used = found.setdefault(row["place"], Township(row["place"], row["place"])).services[service or row["service"]]
            used.asked, used.online = used.asked + row["asked"], used.online + row["online_count"]

    requests = ServiceRequest.objects.seen_by(actor).filter(asked_on__range=(first, last)).exclude(state="withdrawn")
    add(requests, "region_code", None, Q(online=True))
    claims = BenefitStep.objects.filter(
        verb="apply", at__date__range=(first, last), course__region_code__startswith=actor.scope, user__isnull=False
    )
    add(claims, "course__region_code", CLAIM, Q(post=None))
    for code, name in Region.objects.filter(code__in=found).values_list("code", "name"):
        found[code].name = name
    return [found[code] for code in sorted(found)]
