"""The only writers of what is settled after a death. Entries and postings go by `accounts.actions`, once a key."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Subquery, Sum
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.documents.amounts import amount_in_yuan
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.ledger.actions import Line, post
from zhubao.ledger.chart import Party
from zhubao.people.models import Person, Scheme

from ..actions import pay_out, take_back, take_back_part
from ..benefits.models import BenefitMonth
from ..courses import COUNTY_DIGITS, begin, locked, require_hands, require_step, steps_of, take
from ..models.account import Entry
from ..selectors import account_of, balance_of
from .course import PROCESS
from .models import AfterDeath, RecoveredMoney

SOURCE = "accounts"


def months_after(person: Person) -> list[BenefitMonth]:
    """Return what was paid for months after the month of death, the earliest month first; nothing for the living."""
    died: date | None = person.died_on
    if died is None:
        return []
    paid = BenefitMonth.objects.filter(benefit__person=person, month__gt=died.replace(day=1))
    return list(paid.select_related("benefit", "run").order_by("month", "pk"))


def made_whole(months: list[BenefitMonth], recovered_fen: int) -> list[BenefitMonth]:
    """Return the months that money which came back covers whole, the earliest first; what is left over waits for the next."""
    whole, left = [], recovered_fen
    for month in months:
        left -= month.total_fen
        if left < 0:
            break
        whole.append(month)
    return whole


@transaction.atomic
def find(person: Person, *, actor: Actor, now: datetime) -> AfterDeath:
    """Take up a death on record: what is to be recovered and what is left to the heirs; found before, it is looked at again.

    Raise E-ALIVE where no death is recorded, beside what `begin` raises.
    """
    died: date | None = person.died_on
    if died is None:
        raise ZhubaoError("E-ALIVE", Text("没有登记身故", "no death is on record"), place=f"person:{person.pk}")
    found = AfterDeath.objects.filter(person=person).first()
    if found is None:
        made = AfterDeath(region_code=person.region_code, person=person, died_on=died)
        found = begin(made, "find", key="find", actor=actor, now=now, after={"died_on": died.isoformat()})
    return _sorted(found.pk, now=now)


def find_all(region_code: str, *, now: datetime) -> list[AfterDeath]:
    """Take up every death on record in a region that left money in an account or a pension paid too long."""
    actor = Actor.system("after-death", scope=region_code)
    known = AfterDeath.objects.filter(person=OuterRef("pk"))
    entries = Entry.objects.filter(lot__account__person=OuterRef("pk"), lot__account__scheme=Scheme.RESIDENT).order_by()
    held = entries.values("lot__account__person").annotate(fen=Sum("amount_fen")).values("fen")
    late = BenefitMonth.objects.filter(benefit__person=OuterRef("pk"), month__gt=OuterRef("died_on"))
    dead = Person.objects.filter(~Exists(known.exclude(state="closed")), region_code__startswith=region_code).exclude(
        died_on=None
    )
    waiting = dead.annotate(held=Subquery(held)).filter(Q(held__gt=0) | (~Exists(known) & Exists(late)))
    return [find(person, actor=actor, now=now) for person in waiting.order_by("pk")]


@transaction.atomic
def recover(
    record_id: int, on: date, amount_fen: int, payer: str, reference: str, *, key: str = "", actor: Actor, now: datetime
) -> RecoveredMoney:
    """Book money that came back: months it covers whole return to the account lot by lot, the rest lowers what the fund paid.

    Raise E-RECOVERED for nothing or more than is owed, E-DAY for a day before the death or to come, E-SOURCE without payer and
    reference, E-RECOVERED-TWICE for a reference that stands, beside what `take` raises.
    """
    record = locked(AfterDeath, record_id)
    row = PROCESS.transition("recover")
    require_hands(record, row, actor)
    reference, payer = reference.strip()[:100], payer.strip()[:60]
    if key and steps_of(record).filter(key=key).exists():
        return record.money.get(reference=reference)
    require_step(record, row, "", actor)
    _require_source(record, payer, reference)
    if not record.died_on <= on <= localdate(now):
        problem = Text("日期应在身故日至今天之间", "the day lies between the death and today")
        raise ZhubaoError("E-DAY", problem, place=f"{record.subject} {on}")
    if not 0 < amount_fen <= record.owed_fen:
        yuan = amount_in_yuan(record.owed_fen)
        raise ZhubaoError("E-RECOVERED", Text(f"尚应追回 {yuan} 元", f"{yuan} yuan are to come back"), place=record.subject)
    to_account = _return_months(record, amount_fen, on, actor, now)
    money = RecoveredMoney.objects.create(
        record=record,
        on=on,
        amount_fen=amount_fen,
        to_account_fen=to_account,
        payer=payer,
        reference=reference,
        entered_at=now,
        entered_by_id=actor.post_id,
    )
    _post_fund(record, money, actor=actor, now=now)
    values = {"recovered_fen": record.recovered_fen + amount_fen}
    after = {"on": on.isoformat(), "fen": amount_fen, "to_account_fen": to_account}
    done = take(AfterDeath, record_id, "recover", key=key, values=values, after=after, actor=actor, now=now)
    if not done.owed_fen:
        _sorted(record_id, now=now)
    return money


@transaction.atomic
def claim(record_id: int, heir: str, relation: str, proof: str, *, key: str = "", actor: Actor, now: datetime) -> AfterDeath:
    """Take the heirs' request: who receives for them, the relation, the paper that proves the right. Raise E-SOURCE without any of it."""
    told = {"heir": heir.strip()[:60], "relation": relation.strip()[:40], "proof": proof.strip()[:200]}
    if not all(told.values()):
        raise ZhubaoError(
            "E-SOURCE", Text("请写明继承人、关系和证明", "heir, relation and proof are needed"), place=f"after-death:{record_id}"
        )
    return take(AfterDeath, record_id, "claim", key=key, values=told, after={"proof": told["proof"]}, actor=actor, now=now)


@transaction.atomic
def send_back(record_id: int, reason: str, *, key: str = "", actor: Actor, now: datetime) -> AfterDeath:
    """Send the heirs' request back with what is missing."""
    return take(AfterDeath, record_id, "send_back", reason=reason, key=key, actor=actor, now=now)


@transaction.atomic
def pay_heirs(record_id: int, on: date, voucher: str, *, key: str = "", actor: Actor, now: datetime) -> AfterDeath:
    """Pay the heirs everything the account holds, lot by lot, by another person than who took the request; government subsidies too.

    Raise E-ACCOUNT-EMPTY where nothing is in it, E-DAY, E-SOURCE without the voucher, beside what `take` and `pay_out` raise.
    """
    record = locked(AfterDeath, record_id)
    row = PROCESS.transition("pay_heirs")
    require_hands(record, row, actor)
    if key and steps_of(record).filter(key=key).exists():
        return record
    require_step(record, row, "", actor)
    if not voucher.strip():
        raise ZhubaoError("E-SOURCE", Text("请写明付款凭证号", "the voucher is needed"), place=record.subject)
    if not record.died_on <= on <= localdate(now):
        problem = Text("日期应在身故日至今天之间", "the day lies between the death and today")
        raise ZhubaoError("E-DAY", problem, place=f"{record.subject} {on}")
    account = account_of(record.person, region_code=record.region_code)
    there = balance_of(account).fen
    if account is None or there <= 0:
        raise ZhubaoError("E-ACCOUNT-EMPTY", Text("账户内没有余额", "nothing is in the account"), place=record.subject)
    number = steps_of(record).filter(verb="pay_heirs").count() + 1
    pay_out(account, there, on=on, subject=record.subject, key=f"heirs/{number}", actor=actor, now=now)
    values = {"paid_fen": record.paid_fen + there, "paid_on": on, "voucher": voucher.strip()[:100]}
    after = {"on": on.isoformat(), "fen": there, "voucher": values["voucher"]}
    return take(AfterDeath, record_id, "pay_heirs", key=key, values=values, after=after, actor=actor, now=now)


@transaction.atomic
def give_back(
    record_id: int,
    source: str,
    lot: str,
    amount_fen: int,
    *,
    on: date,
    payer: str,
    reference: str,
    actor: Actor,
    now: datetime,
) -> RecoveredMoney:
    """Book what the heirs give back of a lot that was paid to them, because it was never theirs; it stands in the lot again.

    Raise E-SOURCE without payer and reference, E-RECOVERED-TWICE for a reference that stands, E-HEIRS-PAID where they did not get as
    much, beside what `take` and `take_back_part` raise.
    """
    record = locked(AfterDeath, record_id)
    require_hands(record, PROCESS.transition("give_back"), actor)
    reference, payer = reference.strip()[:100], payer.strip()[:60]
    _require_source(record, payer, reference)
    account = account_of(record.person, region_code=record.region_code)
    if account is None or not 0 < amount_fen <= record.paid_fen:
        yuan = amount_in_yuan(record.paid_fen)
        raise ZhubaoError(
            "E-HEIRS-PAID", Text(f"继承人只领取了 {yuan} 元", f"the heirs were paid {yuan} yuan"), place=record.subject
        )
    take_back_part(account, source, lot, amount_fen, subject=record.subject, on=on, actor=actor, now=now)
    money = RecoveredMoney.objects.create(
        record=record,
        on=on,
        amount_fen=amount_fen,
        to_account_fen=amount_fen,
        payer=payer,
        reference=reference,
        entered_at=now,
        entered_by_id=actor.post_id,
    )
    values = {"paid_fen": record.paid_fen - amount_fen}
    after = {"on": on.isoformat(), "fen": amount_fen, "payer": payer}
    take(AfterDeath, record_id, "give_back", values=values, after=after, actor=actor, now=now)
    return money


def _require_source(record: AfterDeath, payer: str, reference: str) -> None:
    if not payer or not reference:
        raise ZhubaoError("E-SOURCE", Text("请写明付款人和流水号", "payer and reference are needed"), place=record.subject)
    if record.money.filter(reference=reference).exists():
        raise ZhubaoError("E-RECOVERED-TWICE", Text("该流水号已登记过", "this reference was recorded before"), place=reference)


def _sorted(record_id: int, *, now: datetime) -> AfterDeath:
    """Move a record to where it stands by what is owed and by what the account holds."""
    record = locked(AfterDeath, record_id)
    row = PROCESS.transition("sort")
    if record.state not in row.start:
        return record
    overpaid = sum(each.total_fen for each in months_after(record.person))
    there = balance_of(account_of(record.person, region_code=record.region_code)).fen
    end = "recover" if overpaid > record.recovered_fen else "inherit" if there > 0 else "closed"
    if end == record.state:
        return record
    return take(
        AfterDeath,
        record_id,
        "sort",
        to=end,
        values={"overpaid_fen": overpaid},
        after={"overpaid_fen": overpaid, "account_fen": there},
        actor=Actor.system("after-death", scope=record.region_code),
        now=now,
    )


def _return_months(record: AfterDeath, amount_fen: int, on: date, actor: Actor, now: datetime) -> int:
    """Take back what left the account for the months that are now covered whole; return how much that is, fen."""
    months = months_after(record.person)
    before = made_whole(months, record.recovered_fen)
    returned = 0
    for month in made_whole(months, record.recovered_fen + amount_fen)[len(before) :]:
        if month.taken_fen:
            take_back(month.benefit.subject, month.taken_key, on=on, actor=actor, now=now)
            returned += month.taken_fen
    return returned


def _post_fund(record: AfterDeath, money: RecoveredMoney, *, actor: Actor, now: datetime) -> None:
    """Post what did not go into the account against the pensions paid; less than nothing where an earlier part was kept there."""
    fen = money.amount_fen - money.to_account_fen
    if not fen:
        return
    line = Line(
        region_code=record.region_code[:COUNTY_DIGITS],
        on=money.on,
        party=Party.FUND,
        debit="fund_cash" if fen > 0 else "benefit_expense",
        credit="benefit_expense" if fen > 0 else "fund_cash",
        amount_fen=abs(fen),
        source=SOURCE,
        subject=record.subject,
        kind="benefit_recovered",
        entry=f"money/{money.pk}",
    )
    post([line], actor=actor, now=now)
