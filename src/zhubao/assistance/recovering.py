"""Recoveries: somebody turns out to have died before the contribution on behalf was due; the money comes back and is booked.

The only writers of recoveries. A plan that is closed has them too: a death may become known years later. Where the heirs were paid
before, the part on behalf was never theirs: they give it back, into the account first, and only then it is booked.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import F, Q
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.roles import OrganisationKind, Role
from zhubao.accounts.actions import take_back
from zhubao.accounts.after_death.actions import give_back
from zhubao.accounts.after_death.models import AfterDeath
from zhubao.accounts.models import Source
from zhubao.accounts.selectors import account_of, balance_of
from zhubao.accounts.writing import hold_counties
from zhubao.documents.amounts import amount_in_yuan
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.ledger.chart import Party
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region, parameter_book
from zhubao.tasks.actions import close_tasks, open_task
from zhubao.tasks.deadlines import deadline
from zhubao.tasks.kinds import declare

from .models import AssistancePlan, Channel, DisabilitySettlementLine, PlanRow, PlanStep, Recovery
from .parties import Books, departments_claim, office_of, office_of_kind, organisation
from .vouchers import RECOVERY, require_voucher

RECOVER: Final = declare(
    "assistance_recovery.book", Text("追回死亡后多付的代缴", "recover what was paid on behalf after a death")
)
RECOVERY_DAYS: Final = "assistance_recovery_days"
FINDING_ROLES: Final = (Role.AGENCY_REVIEWER, Role.AGENCY_ACCOUNTANT)


@implements("gz-10d", as_="action")
@transaction.atomic
def find_recoveries(plan: AssistancePlan, *, actor: Actor, now: datetime) -> list[Recovery]:
    """List every credited row whose person had died by the day the contribution was due, and return the new ones.

    The day is that of the own part, or of the list where nothing was to be paid; where the county claims, that of the payment. Whoever
    died later keeps it (A-PS-9). A row is listed once. Raise OutOfScope.
    """
    actor.require_role(*FINDING_ROLES)
    actor.require_region(plan.region_code)
    AssistancePlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    rows = PlanRow.objects.filter(plan=plan, on_behalf_fen__gt=0, credited_on__isnull=False, recovery=None)
    rows = rows.filter(Q(state="credited") | Q(state="closed_out"), person__died_on__lte=F("credited_on"))
    today = localdate(now)
    due = deadline(RECOVERY_DAYS, 30, "calendar", today, area_of_region(plan.region_code), parameter_book())
    made = []
    for row in rows.select_related("person").order_by("pk"):
        since = _due_day(plan, row)
        if not row.person.dead_on(since):
            continue
        assert row.person.died_on is not None, row
        found = Recovery.objects.create(
            region_code=row.region_code,
            plan=plan,
            row=row,
            amount_fen=row.on_behalf_fen,
            died_on=row.person.died_on,
            owed_since=since,
            found_on=today,
            due_on=due.due_on,
            due_arithmetic=due.arithmetic,
            provisional=due.provisional,
        )
        open_task(
            RECOVER,
            found.subject,
            region_code=plan.region_code,
            role=Role.AGENCY_ACCOUNTANT,
            organisation_id=plan.agency_id,
            deadline=due,
            actor=actor,
            now=now,
        )
        made.append(found)
    if made:
        after = {"people": len(made), "fen": sum(each.amount_fen for each in made)}
        record("plan.recoveries_listed", plan.subject, actor=actor, now=now, region_code=plan.region_code, after=after)
    return made


def _due_day(plan: AssistancePlan, row: PlanRow) -> date:
    """Return the day on which somebody had to be alive for the part on behalf, as a claim asks it."""
    if departments_claim(plan):
        return row.self_paid_on or row.entered_on
    funded = PlanStep.objects.filter(row=row, verb="fund").order_by("-number").values_list("on", flat=True).first()
    return funded or row.credited_on or row.entered_on


@implements("gz-10d", as_="action")
@transaction.atomic
def book_recovery(recovery_id: int, on: date, reference: str, *, payer: str = "", actor: Actor, now: datetime) -> Recovery:
    """Book that the money came back to whoever had paid it, and take it off the personal account; booked before: nothing changes.

    `payer` is the heir who gives it back where the account was paid out to the heirs already. Raise DoesNotExist, OutOfScope,
    E-RECOVERY-DAY, E-RECOVERY-REFERENCE, E-RECOVERY-HEIRS where the heirs have it and nobody is named, E-RECOVERY-ACCOUNT where the
    money left the account otherwise, and what `take_back` and `give_back` raise.
    """
    recoveries = Recovery.objects.select_for_update(of=("self",)).select_related("plan", "row__person")
    recovery = recoveries.get(pk=recovery_id)
    plan, row = recovery.plan, recovery.row
    actor.require_role(Role.AGENCY_ACCOUNTANT)
    actor.require_region(plan.region_code)
    if recovery.recovered_on is not None:
        return recovery
    voucher = require_voucher(RECOVERY, reference, on, first=recovery.found_on, today=localdate(now), place=recovery.subject)
    hold_counties([plan.region_code])
    account = account_of(row.person, region_code=plan.region_code)
    there = balance_of(account).of(Source.ON_BEHALF, str(plan.year))
    if there < recovery.amount_fen:
        heirs = _heirs_of(recovery, there, payer)
        lot = (Source.ON_BEHALF, str(plan.year), recovery.amount_fen)
        give_back(heirs.pk, *lot, on=on, payer=payer, reference=voucher, actor=actor, now=now)
    take_back(row.subject, f"on_behalf:{plan.year}", on=on, actor=actor, now=now)
    _post(recovery, on, actor=actor, now=now)
    recovery.recovered_on, recovery.reference = on, voucher
    recovery.save(update_fields=["recovered_on", "reference"])
    close_tasks(recovery.subject, [RECOVER], actor=actor, now=now)
    after = {"fen": recovery.amount_fen, "on": on.isoformat(), "reference": voucher}
    if there < recovery.amount_fen:
        after["from_heirs"] = payer.strip()
    record("plan.recovered", recovery.subject, actor=actor, now=now, region_code=recovery.region_code, after=after)
    return recovery


def paid_to_heirs(people: Iterable[int]) -> dict[int, AfterDeath]:
    """Return by person what was settled after the deaths of those whose account was paid out to heirs."""
    return {each.person_id: each for each in AfterDeath.objects.filter(person_id__in=list(people), paid_fen__gt=0)}


def _heirs_of(recovery: Recovery, there_fen: int, payer: str) -> AfterDeath:
    """Return the settlement with the heirs who hold what is to come back; refuse where there is none or nobody of them is named."""
    person, yuan = recovery.row.person, amount_in_yuan(recovery.amount_fen)
    heirs = paid_to_heirs([person.pk]).get(person.pk)
    if heirs is None:
        left = amount_in_yuan(max(there_fen, 0))
        raise ZhubaoError(
            "E-RECOVERY-ACCOUNT",
            Text(
                f"{person.masked_name} 个人账户里这笔代缴只剩 {left} 元，需 {yuan} 元",
                f"{left} yuan of it are in the account of {person.masked_name}, {yuan} are wanted",
            ),
            place=recovery.subject,
            remedy=Text("先追回身故后从账户支出的款", "what left the account after the death comes back first"),
        )
    if not payer.strip():
        raise ZhubaoError(
            "E-RECOVERY-HEIRS",
            Text(
                f"账户已于 {heirs.paid_on} 付给继承人 {heirs.heir}，其中代缴的 {yuan} 元由继承人退回",
                f"the account was paid to the heir {heirs.heir} on {heirs.paid_on}: {yuan} yuan of it are theirs to give back",
            ),
            place=recovery.subject,
            remedy=Text("收到退款后，填写退款的继承人再登记", "once it has come, book it with the heir who paid"),
        )
    return heirs


def _post(recovery: Recovery, on: date, *, actor: Actor, now: datetime) -> None:
    """Post the way back of what allocation and settlement posted."""
    plan, row, fen = recovery.plan, recovery.row, recovery.amount_fen
    books, entry = Books(plan.region_code, recovery.subject, on), on.isoformat()
    finance = organisation(office_of_kind(plan, OrganisationKind.FINANCE))
    if row.channel == Channel.DISABILITY:
        line = DisabilitySettlementLine.objects.select_related("settlement").get(row=row)
        city = fen * line.settlement.city_percent // 100
        for part, which in ((city, "city"), (fen - city, finance)):
            books.add("recovery", entry, Party.FINANCE, "treasury_cash", "assistance_expense", part, which=which)
        books.add("recovery", entry, Party.FUND, "contributions", "fund_cash", fen)
    elif departments_claim(plan):
        which = organisation(office_of(plan, row.payer))
        books.add("recovery", entry, Party.DEPARTMENT, "fiscal_appropriation", "assistance_expense", fen, which=which)
        books.add("recovery", entry, Party.FINANCE, "treasury_cash", "assistance_appropriation", fen, which=finance)
        books.add("recovery", entry, Party.FUND, "contributions", "pending_account", fen)
    else:
        books.add("recovery", entry, Party.FINANCE, "treasury_cash", "assistance_expense", fen, which=finance)
        books.add("recovery", entry, Party.FUND, "contributions", "pending_account", fen)
    books.post(actor=actor, now=now)
