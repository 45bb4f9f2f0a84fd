"""One loan county of the demonstration as the months see it: its posts, its loans, and what could not be done."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from zlib import crc32

from django.db import transaction

from zhubao.access.actors import Actor
from zhubao.access.models import Organisation
from zhubao.access.roles import Role
from zhubao.cases.models import Agreement
from zhubao.cases.stepping import Request
from zhubao.demonstration.regions import REGIONS, RegionKey
from zhubao.errors import ZhubaoError
from zhubao.exchange.actions import Receipt
from zhubao.exchange.files import layout_of
from zhubao.exchange.files.layout import Head
from zhubao.exchange.files.writing import write
from zhubao.exchange.models import Direction, Envelope, EnvelopeState
from zhubao.loans.models import Loan, LoanQuerySet

from ..demonstration_cases.endings import Ending, ending_of
from ..demonstration_cases.offices import Desk
from ..received_files import apply_envelope


@dataclass
class County:
    """A county and the month it is led through (`month`: its first day)."""

    key: RegionKey
    month: date
    held: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.region = REGIONS[self.key]
        self.code, self.policy = self.region.code, self.region.policy
        self.desk = Desk(self.region)

    @property
    def loans(self) -> LoanQuerySet:
        """The county's loans under its programme, by number."""
        found = Loan.objects.filter(region_code__startswith=self.code, policy_id=self.policy)
        return found.select_related("person", "bank", "agency").order_by("number")

    def at(self, role: Role, bank: Organisation | None = None) -> Actor:
        """Return who sits at a post of the county, or of one of its banks."""
        return self.desk.at(role, bank)

    def second_at_finance(self) -> Actor:
        """Return the other person at the finance bureau."""
        return [post.actor() for post in self.desk.posts if post.role == Role.FINANCE_CLERK][-1]

    def batch(self, part: str) -> str:
        """Return the number of the month's file of a kind."""
        return f"{self.month:%Y%m}-{part}"

    def request(self, what: str) -> Request:
        """Return the request of a happening, the same one however often the month is told."""
        return Request(f"demonstration/{self.key}/{self.month:%Y-%m}/{what}")

    def attempt(self, subject: str, take: Callable[[], object]) -> bool:
        """Do one thing in a transaction of its own, and tell whether it was done; what refuses it is noted and stops nobody."""
        try:
            with transaction.atomic():
                take()
        except ZhubaoError as error:
            self.held.append("\t".join((subject, error.code, error.problem.zh, error.problem.en)))
            return False
        return True

    def file(self, kind: str, rows: Iterable[object], batch: str, sender: Organisation, receiver: Organisation) -> bytes:
        """Return a file as the office that sends it would write it."""
        layout = layout_of(kind)
        return write(layout, Head(batch, sender.name, receiver.name, layout.purpose.zh), list(rows), "csv")

    def take_in(self, receive: Callable[[], Receipt], now: datetime) -> None:
        """Hand a file in and have it applied at once; a file that a stop left half applied is finished first."""
        self.attempt("file", receive)
        self.finish_files(now)

    def finish_files(self, now: datetime) -> None:
        """Apply what was received in the county and is not applied yet."""
        waiting = Envelope.objects.filter(
            region_code__startswith=self.code, policy_id=self.policy, direction=Direction.IN, state=EnvelopeState.RECEIVED
        )
        for key in waiting.filter(fault="").order_by("pk").values_list("pk", flat=True):
            apply_envelope(key, clock=lambda: now)

    def planned_endings(self) -> list[tuple[Loan, Ending]]:
        """Return the loans of the borrowers whose agreement names an ending."""
        loans = list(self.loans)
        numbers = [loan.case_number for loan in loans]
        said = dict(Agreement.objects.filter(case__number__in=numbers).values_list("case__number", "number"))
        found = [(loan, ending_of(said.get(loan.case_number, ""))) for loan in loans]
        return [(loan, ending) for loan, ending in found if ending is not None]


def chance(*words: object) -> int:
    """Return a number that is the same for the same words wherever the demonstration runs."""
    return crc32("/".join(str(word) for word in words).encode())
