"""Who takes part in the money of a plan: which office pays for whom, and how its postings are written."""

from collections.abc import Iterable
from datetime import date, datetime

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind, Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.ledger.actions import Line, post
from zhubao.ledger.chart import Party
from zhubao.people.certifiers import SPEAKS_FOR
from zhubao.policies.person import DEPARTMENTS

from .models import AssistancePlan
from .states import process_of

SOURCE = "assistance"


def departments_claim(plan: AssistancePlan) -> bool:
    """Tell whether departments verify, claim and refund, as the table of the document has it; else the county pays through its agency."""
    return Role.CERTIFIER in process_of(plan.policy_id).transition("claim").posts


def payers_of(actor: Actor) -> tuple[str, ...] | None:
    """Return the departments a certifying post speaks for; None for a post that is not asked, as the agency's or finance's."""
    if actor.role != Role.CERTIFIER:
        return None
    office = Organisation.objects.filter(pk=actor.organisation_id or 0).first()
    return payers_of_office(office) if office else ()


def payers_of_office(office: Organisation) -> tuple[str, ...]:
    """Return the departments an office speaks for."""
    return SPEAKS_FOR.get(office.kind, ())


def require_payer(actor: Actor, payers: Iterable[str]) -> None:
    """Raise OutOfScope when a certifying post deals with rows that another department pays."""
    own = payers_of(actor)
    others = sorted(set(payers) - set(own or ())) if own is not None else []
    if others:
        names = "、".join(DEPARTMENTS.get(each, each) for each in others)
        raise OutOfScope(others[0], Text(f"由{names}出资，不归本部门办理", f"paid by another department: {', '.join(others)}"))


def office_of(plan: AssistancePlan, payer: str) -> Organisation:
    """Return the office that speaks for a paying department in the plan's county, the agency for "".

    Raise E-OFFICE-MISSING where the county has none.
    """
    if not payer:
        return plan.agency
    kinds = [kind for kind, departments in SPEAKS_FOR.items() if payer in departments]
    return _office(plan, kinds, DEPARTMENTS.get(payer, payer))


def office_of_kind(plan: AssistancePlan, kind: OrganisationKind) -> Organisation:
    """Return the county's office of a kind; E-OFFICE-MISSING where there is none."""
    return _office(plan, [kind], str(kind.label))


def _office(plan: AssistancePlan, kinds: list[str], name: str) -> Organisation:
    found = Organisation.objects.filter(kind__in=kinds, region_id=plan.region_code).order_by("pk").first()
    if found is None:
        raise ZhubaoError(
            "E-OFFICE-MISSING",
            Text(f"本县没有登记{name}", f"the county has no office for {name}"),
            place=plan.subject,
            remedy=Text("请管理员登记该单位和岗位", "have the administrator register it with its posts"),
        )
    return found


class Books:
    """The postings of one happening of a plan, gathered and posted together."""

    def __init__(self, region_code: str, subject: str, on: date) -> None:
        self.region_code, self.subject, self.on = region_code, subject, on
        self._lines: list[Line] = []

    def add(self, kind: str, entry: str, party: Party, debit: str, credit: str, fen: int, *, which: str = "") -> "Books":
        """Add one movement of a party; `which` names the office or person it is. Nothing is added for nothing."""
        if fen:
            self._lines.append(
                Line(
                    self.region_code,
                    self.on,
                    party,
                    debit,
                    credit,
                    fen,
                    SOURCE,
                    self.subject,
                    f"{kind}.{party.value}" + (".city" if which == "city" else ""),
                    entry,
                    which,
                )
            )
        return self

    @property
    def lines(self) -> tuple[Line, ...]:
        """What was gathered, for an act that posts for many people at once."""
        return tuple(self._lines)

    def post(self, *, actor: Actor, now: datetime) -> None:
        """Write them, all or none; written before, they stay as they are."""
        post(self._lines, actor=actor, now=now)


def organisation(office: Organisation) -> str:
    """Return how a posting names an office."""
    return f"organisation:{office.pk}"
