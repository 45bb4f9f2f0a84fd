"""A month of a county: who comes of age, seniors without a pension, deaths, changed standards, what is paid. Done twice it is the same."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.ledger.actions import Line, post
from zhubao.ledger.chart import Party
from zhubao.people.models import Identity, InsuredRecord, Person, Scheme
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import parameter_book

from ..actions import pay_out
from ..after_death.actions import find_all
from ..models.account import COUNTY_LENGTH, Account
from ..selectors import account_of, balance_of
from .actions import find, stop
from .models import Benefit, BenefitMonth, BenefitRun, Ground
from .reckoning import born_until, standards_until

CHUNK = 500
NEW_STANDARD = """
INSERT INTO accounts_benefitamount
    (benefit_id, starts_on, basic_fen, account_part_fen, standard_area, standard_source, entered_at)
SELECT found.id, greatest(%(first)s, found.starts_on), %(basic)s, amount.account_part_fen, %(area)s, %(source)s, %(now)s
FROM accounts_benefit found
JOIN LATERAL (
    SELECT basic_fen, account_part_fen FROM accounts_benefitamount one
    WHERE one.benefit_id = found.id AND one.starts_on <= greatest(%(first)s, found.starts_on)
    ORDER BY one.starts_on DESC LIMIT 1
) amount ON true
WHERE found.state = 'granted' AND found.region_code LIKE %(region)s AND amount.basic_fen <> %(basic)s
  AND (%(until)s::date IS NULL OR found.starts_on < %(until)s)
ON CONFLICT (benefit_id, starts_on) DO UPDATE
    SET basic_fen = excluded.basic_fen, standard_area = excluded.standard_area,
        standard_source = excluded.standard_source, entered_at = excluded.entered_at
RETURNING benefit_id, starts_on
"""
STEPS = """
INSERT INTO accounts_benefitstep (course_id, number, verb, start, "end", at, user_id, post_id, actor_name, reason, key)
SELECT found.id, (SELECT max(step.number) FROM accounts_benefitstep step WHERE step.course_id = found.id) + 1,
       'raise', found.state, found.state, %(now)s, %(user)s, %(post)s, %(actor)s, %(reason)s, %(key)s
FROM accounts_benefit found WHERE found.id = ANY(%(ids)s)
ON CONFLICT (course_id, key) DO NOTHING
"""
PAY = """
INSERT INTO accounts_benefitmonth (benefit_id, month, run_id, basic_fen, account_part_fen)
SELECT found.id, due.month, %(run)s, amount.basic_fen - paid.basic_fen, amount.account_part_fen - paid.account_part_fen
FROM accounts_benefit found
CROSS JOIN LATERAL (
    SELECT month::date AS month FROM generate_series(
        greatest(found.starts_on, coalesce(found.arrears_from, %(month)s)), %(month)s, interval '1 month') AS month
) due
JOIN LATERAL (
    SELECT basic_fen, account_part_fen FROM accounts_benefitamount one
    WHERE one.benefit_id = found.id AND one.starts_on <= due.month ORDER BY one.starts_on DESC LIMIT 1
) amount ON true
CROSS JOIN LATERAL (
    SELECT coalesce(sum(basic_fen), 0) AS basic_fen, coalesce(sum(account_part_fen), 0) AS account_part_fen
    FROM accounts_benefitmonth one WHERE one.benefit_id = found.id AND one.month = due.month
) paid
WHERE found.state = 'granted' AND found.region_code LIKE %(region)s AND found.starts_on <= %(month)s
  AND amount.basic_fen + amount.account_part_fen > paid.basic_fen + paid.account_part_fen
ON CONFLICT (benefit_id, month, run_id) DO NOTHING
"""


@implements("ps-3.1c", "gz-1d", "gz-6b", as_="action")
def run_month(region_code: str, month: date, *, actor: Actor, now: datetime) -> BenefitRun:
    """Do a month (its first day) of a county and return the run; stopped half-way it goes on, finished it changes nothing.

    Raise OutOfScope, E-MONTH for a month to come, E-STANDARD where no basic pension is known.
    """
    actor.require_role(Role.AGENCY_REVIEWER)
    actor.require_region(region_code)
    month = month.replace(day=1)
    if month > localdate(now):
        raise ZhubaoError("E-MONTH", Text("这个月还没到", "the month has not come yet"), place=f"{month:%Y-%m}")
    run, _made = BenefitRun.objects.get_or_create(
        region_code=region_code,
        month=month,
        defaults={"started_at": now, "run_by_id": actor.post_id, "actor_name": actor.name},
    )
    if run.finished_at is not None:
        return run
    system = Actor.system("benefits", scope=region_code)
    run.stopped += len([stop(each.pk, actor=system, now=now) for each in dead(region_code)])
    find_all(region_code, now=now)
    run.of_age += len([find(each, Ground.AGE, actor=system, now=now) for each in came_of_age(region_code, month)])
    run.seniors += len(
        [find(each, Ground.SENIOR, category=category, actor=system, now=now) for each, category in seniors(region_code, month)]
    )
    run.save()
    _pay(run, actor=actor, now=now)
    _enter_in_accounts(run, now)
    return _end(run, actor=actor, now=now)


@transaction.atomic
def _pay(run: BenefitRun, *, actor: Actor, now: datetime) -> None:
    """Raise what a new standard raises and pay what is due."""
    run.raised += len(_new_standards(run, actor, now))
    run.save(update_fields=["raised"])
    with connection.cursor() as cursor:
        cursor.execute(PAY, {"run": run.pk, "month": run.month, "region": f"{run.region_code}%"})
    due = Benefit.objects.granted().filter(region_code__startswith=run.region_code, starts_on__lte=run.month)
    due.exclude(arrears_from=None).update(arrears_from=None)


def _enter_in_accounts(run: BenefitRun, now: datetime) -> None:
    """Take the account's part of what the run paid out of the personal accounts, a transaction a few hundred people."""
    actor = Actor.system("benefits", scope=run.region_code)
    held = Account.objects.filter(
        person=OuterRef("benefit__person"), scheme=Scheme.RESIDENT, region_code=run.region_code[:COUNTY_LENGTH]
    )
    nothing = Q(account_part_fen__lte=0) | ~Exists(held)
    run.months.filter(nothing, taken_fen=None).update(taken_fen=0)
    while True:
        with transaction.atomic():
            rows = list(run.months.filter(taken_fen=None).select_related("benefit__person", "run").order_by("pk")[:CHUNK])
            for row in rows:
                row.taken_fen = _take_out(row, actor, now)
            BenefitMonth.objects.bulk_update(rows, ["taken_fen"])
        if len(rows) < CHUNK:
            return


def _take_out(row: BenefitMonth, actor: Actor, now: datetime) -> int:
    account = account_of(row.benefit.person, region_code=row.benefit.region_code)
    amount = min(row.account_part_fen, balance_of(account).fen)
    if account is None or amount <= 0:
        return 0
    pay_out(account, amount, on=localdate(now), subject=row.benefit.subject, key=row.taken_key, actor=actor, now=now)
    return amount


def _post_paid(run: BenefitRun, *, actor: Actor, now: datetime) -> None:
    """Post what the fund bore of the run's pensions; what left personal accounts is posted with their entries."""
    borne = run.paid_fen - (run.months.aggregate(fen=Sum("taken_fen"))["fen"] or 0)
    if borne:
        line = Line(
            region_code=run.region_code,
            on=localdate(now),
            party=Party.FUND,
            debit="benefit_expense",
            credit="fund_cash",
            amount_fen=borne,
            source="accounts",
            subject=run.subject,
            kind="benefits_paid",
            entry="paid",
        )
        post([line], actor=actor, now=now)


@transaction.atomic
def _end(run: BenefitRun, *, actor: Actor, now: datetime) -> BenefitRun:
    paid = BenefitMonth.objects.filter(run=run)
    sums = paid.aggregate(basic=Sum("basic_fen"), account=Sum("account_part_fen"))
    run.paid = paid.values("benefit_id").distinct().count()
    run.paid_fen = (sums["basic"] or 0) + (sums["account"] or 0)
    run.finished_at = now
    run.save()
    _post_paid(run, actor=actor, now=now)
    record(
        "benefit.month",
        run.subject,
        actor=actor,
        now=now,
        region_code=run.region_code,
        after={
            "of_age": run.of_age,
            "seniors": run.seniors,
            "raised": run.raised,
            "stopped": run.stopped,
            "paid": run.paid,
            "paid_fen": run.paid_fen,
        },
    )
    return run


def _new_standards(run: BenefitRun, actor: Actor, now: datetime) -> set[int]:
    """Enter each standard up to the month for every pension paid by another, and return who is raised; earlier months are made good."""
    standards = standards_until(run.region_code, run.month, parameter_book())
    raised: set[int] = set()
    for place, (first, standard) in enumerate(standards):
        until = standards[place + 1][0] if place + 1 < len(standards) else None
        with connection.cursor() as cursor:
            cursor.execute(
                NEW_STANDARD,
                {
                    "first": first,
                    "until": until,
                    "basic": standard.number(),
                    "area": standard.area_code[:6],
                    "source": standard.source[:200],
                    "region": f"{run.region_code}%",
                    "now": now,
                },
            )
            changed = cursor.fetchall()
            ids = [pk for pk, _starts in changed]
            if not ids:
                continue
            cursor.execute(
                STEPS,
                {
                    "ids": ids,
                    "now": now,
                    "user": actor.user_id,
                    "post": actor.post_id,
                    "actor": actor.name,
                    "reason": f"基础养老金 {standard.number() / 100:.2f} 元，自 {first:%Y-%m}",
                    "key": f"standard/{first:%Y-%m}/{standard.number()}",
                },
            )
        raised |= set(ids)
        if first < run.month:
            late = Benefit.objects.filter(pk__in=ids).filter(Q(arrears_from=None) | Q(arrears_from__gt=first))
            late.update(arrears_from=first)
    return raised


def came_of_age(region_code: str, month: date) -> Iterator[Person]:
    """Yield the residents insured here who are of age by the end of a month and draw no pension by their records.

    Of somebody who came of age more than a year ago the record must say so: where it says nothing, an old pensioner is far likelier.
    """
    lately = Q(born__gt=born_until(month.replace(year=month.year - 1)))
    current = InsuredRecord.objects.filter(person=OuterRef("pk"), superseded_at=None)
    people = _of_age(region_code, month).filter(
        Exists(current.filter(scheme=Scheme.RESIDENT)),
        lately | Exists(current.filter(receiving_pension=False)),
        ~Exists(current.filter(receiving_pension=True)),
        ~Exists(current.filter(scheme__in=(Scheme.EMPLOYEE, Scheme.INSTITUTION))),
    )
    yield from people.iterator(chunk_size=CHUNK)


def seniors(region_code: str, month: date) -> Iterator[tuple[Person, str]]:
    """Yield the people of age on the rosters in force who are in no pension scheme and draw no pension, with their category."""
    current = InsuredRecord.objects.filter(person=OuterRef("pk"), superseded_at=None)
    listed = Identity.objects.in_force(month).filter(person=OuterRef("pk"))
    people = _of_age(region_code, month).filter(
        Exists(listed), ~Exists(current.exclude(scheme=Scheme.NONE)), ~Exists(current.filter(receiving_pension=True))
    )
    for person in people.iterator(chunk_size=CHUNK):
        identity = Identity.objects.in_force(month).filter(person=person).order_by("pk").first()
        yield person, identity.category if identity is not None else ""


def dead(region_code: str) -> Iterator[Benefit]:
    """Yield the pensions not ended of people whose death is on record."""
    pensions = Benefit.objects.filter(region_code__startswith=region_code).exclude(state="stopped")
    yield from pensions.exclude(person__died_on=None).iterator(chunk_size=CHUNK)


def _of_age(region_code: str, month: date) -> QuerySet[Person]:
    known = Benefit.objects.filter(person=OuterRef("pk"))
    here = Person.objects.filter(region_code__startswith=region_code, born__lte=born_until(month), died_on=None)
    return here.filter(~Exists(known)).order_by("pk")
