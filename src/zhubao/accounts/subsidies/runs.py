"""Runs of contribution subsidies: what the payers of a year are still owed, listed by one person and credited by another."""

from collections import Counter
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.roles import Role
from zhubao.accounts.actions import Credit, credit_many
from zhubao.accounts.models import Payer, Source, SubsidyLine, SubsidyRun
from zhubao.accounts.models.account import COUNTY_LENGTH
from zhubao.accounts.models.subsidy import CREDIT_SUBSIDIES
from zhubao.accounts.writing import hold_counties
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.ledger.actions import Line, post
from zhubao.ledger.chart import Party
from zhubao.people.models import Scheme
from zhubao.policies.claims import implements
from zhubao.tasks.actions import close_tasks, open_task

from .table import SubsidyTable, table_of

LISTING_ROLES = (Role.AGENCY_ACCOUNTANT,)
CREDITING_ROLES = (Role.AGENCY_APPROVER,)
SOURCE = "accounts"

PAID = """
SELECT account.id, sum(entry.amount_fen) FILTER (WHERE entry.kind = 'contribution')::bigint,
    max(entry."on") FILTER (WHERE entry.kind = 'contribution' AND entry.amount_fen > 0),
    coalesce(sum(entry.amount_fen) FILTER (WHERE entry.kind = 'subsidy'), 0)::bigint
FROM accounts_entry AS entry JOIN accounts_lot AS lot ON lot.id = entry.lot_id
JOIN accounts_account AS account ON account.id = lot.account_id
WHERE entry."on" BETWEEN %s AND %s AND entry.kind IN ('contribution', 'subsidy')
    AND account.region_code = %s AND account.scheme = %s
GROUP BY account.id HAVING bool_or(entry.kind = 'contribution') ORDER BY account.id
"""


class _Paid(NamedTuple):
    """What an account was paid in a year, and what of its subsidy it has, fen."""

    account_id: int
    contributed: int
    on: date | None
    subsidised: int


@implements("tl-5.1h", "gz-8a", "gz-8b", as_="action")
@transaction.atomic
def list_due(region_code: str, year: int, *, up_to: date | None = None, actor: Actor, now: datetime) -> SubsidyRun:
    """List what the payers of a year are still owed by the table of the day they last paid, up to a day (today, or the year's last).

    A list that nobody has credited yet is made anew; the approving officer has a task to credit it. Raise OutOfScope,
    E-SUBSIDY-DAY for a day to come or outside the year, E-SUBSIDY-TABLE without a table, E-SUBSIDY-NONE when nothing is owed.
    """
    actor.require_role(*LISTING_ROLES)
    county = region_code[:COUNTY_LENGTH]
    actor.require_region(county)
    place, today = f"{county} {year}", localdate(now)
    day = up_to or min(today, date(year, 12, 31))
    if day > today or day.year != year:
        raise ZhubaoError("E-SUBSIDY-DAY", Text("日期应在该年度内且不晚于今天", "a day of that year, not to come"), place=place)
    table = table_of(county)
    if not table.rows:
        raise ZhubaoError(
            "E-SUBSIDY-TABLE",
            Text("没有录入缴费补贴标准", "no table of contribution subsidies is entered"),
            place=county,
            remedy=Text("先录入分档补贴标准和文件", "enter the subsidy by tier with its document"),
        )
    hold_counties([county])
    for left in SubsidyRun.objects.filter(region_code=county, year=year, posted_at=None):
        close_tasks(str(left), actor=actor, now=now)
        left.delete()
    number = SubsidyRun.objects.filter(region_code=county, year=year).count() + 1
    run = SubsidyRun.objects.create(
        region_code=county,
        year=year,
        number=number,
        up_to=day,
        opened_at=now,
        opened_by_id=actor.post_id,
        opened_by_name=actor.name,
    )
    lines, run.over_credited = _lines(run, table)
    if not lines:
        raise ZhubaoError("E-SUBSIDY-NONE", Text("没有应补的缴费补贴", "no subsidy is owed"), place=place)
    SubsidyLine.objects.bulk_create(lines, batch_size=5000)
    run.accounts = len(lines)
    run.superior_fen, run.local_fen = sum(line.superior_fen for line in lines), sum(line.local_fen for line in lines)
    run.save()
    open_task(
        CREDIT_SUBSIDIES,
        str(run),
        region_code=county,
        role=CREDITING_ROLES[0],
        organisation_id=None,
        deadline=None,
        actor=actor,
        now=now,
    )
    after = {"year": year, "accounts": run.accounts, "superior_fen": run.superior_fen, "local_fen": run.local_fen}
    record("subsidy.listed", str(run), actor=actor, now=now, region_code=county, after=after)
    return run


@implements("tl-5.1h", "gz-8b", as_="action")
@transaction.atomic
def credit_run(run_id: int, *, actor: Actor, now: datetime) -> SubsidyRun:
    """Credit a list, as another person than the one who made it; once. Superior and local finance are posted apart.

    Raise E-SAME-PERSON, E-SUBSIDY-STALE when contributions or subsidies of the year were entered since the list was made.
    """
    actor.require_role(*CREDITING_ROLES)
    run = SubsidyRun.objects.select_for_update(of=("self",)).select_related("opened_by").get(pk=run_id)
    actor.require_region(run.region_code)
    if run.posted_at is not None:
        return run
    if actor.user_id is not None and run.opened_by is not None and run.opened_by.user_id == actor.user_id:
        raise ZhubaoError("E-SAME-PERSON", Text("编制人不能核定入账", "whoever made the list does not credit it"), place=str(run))
    hold_counties([run.region_code])
    standing = list(run.lines.select_related("account").order_by("account_id"))
    again, _over = _lines(run, table_of(run.region_code))
    if [_content(line) for line in again] != [_content(line) for line in standing]:
        raise ZhubaoError(
            "E-SUBSIDY-STALE",
            Text("编制后缴费或补贴又有变动", "contributions or subsidies changed since the list was made"),
            place=str(run),
            remedy=Text("重新编制", "make the list anew"),
        )
    entries = credit_many(
        [
            Credit(
                line.account.person_id,
                Source.SUBSIDY,
                line.fen,
                line.contributed_on,
                str(run),
                str(line.account_id),
                scheme=line.account.scheme,
                region_code=line.account.region_code,
            )
            for line in standing
        ],
        actor=actor,
        now=now,
    )
    post(_finance_lines(run, standing), actor=actor, now=now)
    run.batch, run.posted_at, run.posted_by_id, run.posted_by_name = entries[0].batch, now, actor.post_id, actor.name
    run.save()
    close_tasks(str(run), actor=actor, now=now)
    after = {"accounts": run.accounts, "superior_fen": run.superior_fen, "local_fen": run.local_fen}
    record("subsidy.credited", str(run), actor=actor, now=now, region_code=run.region_code, after=after)
    return run


def _lines(run: SubsidyRun, table: SubsidyTable) -> tuple[list[SubsidyLine], int]:
    """Return what every account is still owed, and how many have more than they should."""
    with connection.cursor() as cursor:
        cursor.execute(PAID, [date(run.year, 1, 1), run.up_to, run.region_code, Scheme.RESIDENT.value])
        paid = [_Paid(*row) for row in cursor.fetchall()]
    had: dict[int, tuple[int, int]] = {}
    before = SubsidyLine.objects.filter(run__region_code=run.region_code, run__year=run.year).exclude(run__posted_at=None)
    for account_id, superior, local in before.values_list("account_id", "superior_fen", "local_fen"):
        old = had.get(account_id, (0, 0))
        had[account_id] = (old[0] + superior, old[1] + local)
    lines, over = [], 0
    for each in paid:
        if each.on is None:
            continue
        due = table.subsidy(each.contributed, each.on)
        superior, local = had.get(each.account_id, (0, 0))
        # What was not credited by a run (a loan's own matching) counts as superior money first.
        other = each.subsidised - superior - local
        superior_left, local_left = due.superior - superior - other, due.local - local
        if superior_left < 0:
            superior_left, local_left = 0, local_left + superior_left
        over += due.fen < each.subsidised
        if superior_left > 0 or local_left > 0:
            lines.append(
                SubsidyLine(
                    run=run,
                    account_id=each.account_id,
                    contributed_fen=each.contributed,
                    contributed_on=each.on,
                    superior_fen=superior_left,
                    local_fen=max(local_left, 0),
                )
            )
    return lines, over


def _content(line: SubsidyLine) -> tuple[int, int, date, int, int]:
    return line.account_id, line.contributed_fen, line.contributed_on, line.superior_fen, line.local_fen


def _finance_lines(run: SubsidyRun, lines: list[SubsidyLine]) -> list[Line]:
    """Return what the fund is owed and each finance pays, by the days the accounts are credited for."""
    totals: Counter[tuple[date, str]] = Counter()
    for line in lines:
        totals[line.contributed_on, Payer.SUPERIOR] += line.superior_fen
        totals[line.contributed_on, Payer.LOCAL] += line.local_fen
    result = []
    for (on, payer), fen in sorted(totals.items()):
        if not fen:
            continue
        for party, debit, credit, reference in (
            (Party.FUND, "subsidy_receivable", "subsidy_income", ""),
            (Party.FINANCE, "contribution_subsidy_expense", "treasury_cash", payer),
        ):
            result.append(
                Line(
                    region_code=run.region_code,
                    on=on,
                    party=party,
                    debit=debit,
                    credit=credit,
                    amount_fen=fen,
                    source=SOURCE,
                    subject=str(run),
                    kind=f"contribution_subsidy.{party.value}.{payer}",
                    entry=f"{on}/1",
                    party_reference=reference,
                )
            )
    return result
