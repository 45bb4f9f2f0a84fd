"""Lives told in a table and lived in the order of time: every step through the action a post would use, on the day it would.

A path is the names of steps. ``@2025-06-20`` ends a stretch: its last step falls on that day, the others before it by the days each
step usually takes. The last stretch ends so many days before the day on which the demonstration stands.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from zhubao.access.actors import Actor
from zhubao.access.models import Organisation
from zhubao.access.roles import Role
from zhubao.cases.actions import intake
from zhubao.cases.contract import Terms
from zhubao.cases.models import Case
from zhubao.cases.stepping import Request
from zhubao.demonstration.applicants import Applicant
from zhubao.people.models import Person

from .offices import Desk
from .people import Crowd, as_of, born_on, enter

CHINA = ZoneInfo("Asia/Shanghai")
OPENS, MINUTES_A_STEP = time(8, 40), 20
IDENTITIES_FROM = date(2024, 1, 1)


@dataclass(frozen=True)
class Tale:
    """Lives of one kind: the design of the applicant, the path, and for each life how many days ago it came to its end.

    `paid`: months paid at the beginning, the design's own when None. `username`: the applicant has an account and applies online.
    `fresh`: somebody no roster names. `bank`: the first or the second one. `born`: the day of birth where the month of the pension
    matters. `ends`: how the loan is to end when the clock is put forward (a word of `endings`), with `amount_fen` lent at most.
    """

    design: str
    path: str
    ages: tuple[int, ...] = (0, 1, 3)
    paid: int | None = None
    username: str = ""
    fresh: bool = False
    bank: int = 0
    route: str = "ordinary"
    born: date | None = None
    ends: str = ""
    amount_fen: int | None = None


@dataclass(frozen=True)
class Happening:
    """A step of one life, or of several that take it together."""

    at: datetime
    order: int
    step: Callable[[datetime], None]
    of: str


class Life:
    """One applicant on the way through a programme; each method is a step on a moment."""

    policy: ClassVar[str]
    channel: ClassVar[str]
    taking_in: ClassVar[Role]
    # Days a step is taken after the one before it; 0 where it is not named.
    DAYS: ClassVar[dict[str, int]] = {}
    # Steps several lives take together on one day, and when on that day.
    TOGETHER: ClassVar[dict[str, time]] = {}

    case: Case
    person: Person

    def __init__(self, desk: Desk, crowd: Crowd, tale: Tale, serial: int, hashed: str) -> None:
        self.desk, self.crowd, self.tale, self.serial, self.hashed = desk, crowd, tale, serial, hashed
        taken = crowd.take(tale.design, fresh=tale.fresh or bool(tale.ends))
        born = born_on(taken, tale.born, crowd.numbers) if tale.born else taken
        self.applicant: Applicant = as_of(born, tale.paid, IDENTITIES_FROM)
        self.bank: Organisation = desk.banks[tale.bank]
        self.asked = 0
        self.myself: Actor | None = None

    @property
    def region_code(self) -> str:
        """Where the person is looked after."""
        return self.desk.region.code

    def request(self) -> Request:
        """Return a fresh request of this life, the same one whenever the life is told again."""
        self.asked += 1
        return Request(f"demonstration/{self.desk.region.key}/{self.serial}/{self.asked}")

    def at(self, role: Role) -> Actor:
        """Return who takes a step of this life: at a bank, the life's own."""
        return self.desk.at(role, self.bank if role in (Role.BANK_OFFICER, Role.BANK_REVIEWER) else None)

    def applying(self) -> Actor:
        """Return who fills the form: the citizen online, else the post that takes applications in."""
        return self.myself or self.at(self.taking_in)

    def begin(self, now: datetime) -> None:
        """Register the person and open the application with a form that is filled in."""
        self.person = enter(
            self.desk, self.crowd, self.applicant, self.bank, region_code=self.region_code, serial=self.serial, now=now
        )
        if self.tale.username:
            self.myself = self.desk.citizen(self.person, self.tale.username, self.hashed, now=now)
        channel = "online" if self.myself else self.channel
        self.case = intake.open_case(
            self.person,
            self.policy,
            channel=channel,
            route=self.tale.route,
            request=self.request(),
            actor=self.applying(),
            now=now,
        )
        intake.fill_application(self.case.pk, self.form(now), actor=self.applying(), now=now)

    def form(self, now: datetime) -> dict[str, Any]:
        """Return what the form says; a programme adds its own."""
        today = now.date()
        return {
            "phone": f"139{self.serial:08d}",
            "truth_declared_on": today,
            "sharing_agreed_on": today,
            "signed_on": today,
            "signed_how": "electronic" if self.myself else "paper",
            "assisted": not self.myself,
        }

    def submit(self, now: datetime) -> None:
        """Hand the form in, for the first time or again."""
        intake.submit(self.case.pk, request=self.request(), actor=self.applying(), now=now)

    def return_form(self, now: datetime) -> None:
        """Have the form completed."""
        intake.return_for_correction(
            self.case.pk, reason="签字页缺日期，请补签", request=self.request(), actor=self.at(self.returning), now=now
        )

    returning: ClassVar[Role]

    def withdraw(self, now: datetime) -> None:
        """Withdraw the application at the counter, with the signed paper."""
        actor = self.applying()
        if self.myself is None:
            intake.see_original(self.case.pk, "withdrawal", actor=actor, now=now)
        intake.withdraw(self.case.pk, reason="家里已筹到钱，不再贷款", request=self.request(), actor=actor, now=now)

    def fresh(self) -> Case:
        """Return the case as it stands."""
        self.case.refresh_from_db()
        return self.case


def months_between(first: date, month: date) -> int:
    """Return the whole months from a day's month to another."""
    return max(0, (month.year - first.year) * 12 + month.month - first.month)


def stretches(path: str, ends: date) -> Iterator[tuple[list[str], date]]:
    """Yield the stretches of a path: names of steps, and the day of the last of them."""
    verbs: list[str] = []
    for word in path.split():
        if word.startswith("@"):
            yield verbs, date.fromisoformat(word[1:])
            verbs = []
        else:
            verbs.append(word)
    if verbs:
        yield verbs, ends


def days_of(verbs: list[str], ends: date, days: dict[str, int]) -> list[date]:
    """Return the day of each step, counted backwards from the last; a day of a weekend gives way to the Friday before it."""
    found, day = [], ends
    for verb in reversed(verbs):
        found.append(day - timedelta(days=max(0, day.weekday() - 4)))
        day = found[-1] - timedelta(days=days.get(verb, 0))
    return found[::-1]


def happenings(lives: list[tuple[Life, int]], standing: date) -> list[Happening]:
    """Return every step of every life (with its age in days on the day the demonstration stands), in the order of time."""
    found: list[Happening] = []
    groups: dict[tuple[str, datetime, type[Life]], list[Life]] = {}
    for life, age in lives:
        for verbs, ends in stretches(life.tale.path, standing - timedelta(days=age)):
            for number, (verb, day) in enumerate(zip(verbs, days_of(verbs, ends, life.DAYS), strict=True)):
                if verb in life.TOGETHER:
                    moment = datetime.combine(day, life.TOGETHER[verb], CHINA)
                    groups.setdefault((verb, moment, type(life)), []).append(life)
                    continue
                moment = datetime.combine(day, OPENS, CHINA) + timedelta(
                    minutes=MINUTES_A_STEP * number + life.serial % MINUTES_A_STEP
                )
                found.append(Happening(moment, len(found), getattr(life, verb), f"{life.serial} {verb}"))
    for (verb, moment, kind), together in groups.items():
        step = getattr(kind, verb)
        found.append(Happening(moment, len(found), lambda now, step=step, those=together: step(those, now), verb))  # type: ignore[misc]
    return sorted(found, key=lambda each: (each.at, each.order))


def live(lives: list[tuple[Life, int]], standing: date) -> None:
    """Let lives go on side by side."""
    for happening in happenings(lives, standing):
        try:
            happening.step(happening.at)
        except Exception as error:
            error.add_note(f"{happening.of} {happening.at:%Y-%m-%d %H:%M}")
            raise


def terms_of(amount_fen: int, months: int, **more: Any) -> Terms:
    """Return terms for contributions of so many months: one draw for each begun year."""
    return Terms(need_fen=amount_fen, amount_fen=amount_fen, years=-(-months // 12), method="pension_monthly", **more)
