"""The yearly interest: a trial that somebody asks for, its approval by another, the posting; and taking it back."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.roles import Role
from zhubao.accounts.control import Moved, post_control
from zhubao.accounts.models import Account, Batch, InterestRun, InterestSum, Kind
from zhubao.accounts.models.account import COUNTY_LENGTH
from zhubao.accounts.models.interest import APPROVE_INTEREST, TRY_INTEREST_AGAIN
from zhubao.accounts.writing import hold_counties
from zhubao.documents.amounts import amount_in_yuan
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.parameters import Parameter, ParameterBook
from zhubao.parameters.questions import settings, settle
from zhubao.pension.account_interest import MONTHLY, MONTHLY_FROM_NEXT, YEARLY
from zhubao.people.models import Scheme
from zhubao.policies.claims import implements
from zhubao.programmes.actions import enter_figures
from zhubao.programmes.models import LocalFigure
from zhubao.programmes.selectors import parameter_book
from zhubao.tasks.actions import close_tasks, open_task

from .reckoning import booked_since, insert, newest_entry, reckon
from .taking_back import insert_reversals

TRYING_ROLES = (Role.AGENCY_ACCOUNTANT,)
APPROVING_ROLES = (Role.AGENCY_APPROVER,)
RATE_NAMES = {Scheme.RESIDENT: "resident_crediting_ppm", Scheme.EMPLOYEE: "account_crediting_ppm"}
QUESTION = "A-GZ-5"
MONTH_SETTING = "account_interest_month"
# Of the built-in rates, those two sources agree on; any other needs the document entered.
DOCUMENTED = frozenset({"local", "A"})
HIGHEST_RATE_PPM = 200_000


@implements("gz-7b", as_="action")
def enter_rate(
    region_code: str, year: int, rate_ppm: int, document: str, *, scheme: str = Scheme.RESIDENT, actor: Actor, now: datetime
) -> list[LocalFigure]:
    """Enter the crediting rate of a year with the document it was published in, as a dated figure of the county.

    Raise E-INTEREST-DOCUMENT without one, E-INTEREST-RATE for a rate that cannot be, and what `programmes.actions.enter_figures` raises
    (another rate that stands for the year is withdrawn on the page of local figures first).
    """
    if not document.strip():
        raise _no_document(region_code, year)
    if not 0 < rate_ppm <= HIGHEST_RATE_PPM:
        problem = Text("记账利率应大于 0、不超过 20%", "a crediting rate is above 0 and not above 20%")
        raise ZhubaoError("E-INTEREST-RATE", problem, place=f"{region_code} {year}")
    days = date(year, 1, 1), date(year, 12, 31)
    figure = Parameter(RATE_NAMES[Scheme(scheme)], rate_ppm, "ppm", region_code[:COUNTY_LENGTH], *days, document.strip())
    return enter_figures([figure], actor=actor, now=now)


@implements("gz-7b", as_="action")
def rate_of(region_code: str, year: int, *, scheme: str = Scheme.RESIDENT, book: ParameterBook | None = None) -> Parameter:
    """Return the rate of a year with its document, the county's own before its city's, province's and the nation's.

    Raise E-INTEREST-RATE where none is entered for the year, E-INTEREST-DOCUMENT for one whose document nobody has seen.
    """
    entry = (book or parameter_book()).find(RATE_NAMES[Scheme(scheme)], date(year, 12, 31), region_code)
    if entry is None:
        raise ZhubaoError(
            "E-INTEREST-RATE",
            Text(f"{year} 年记账利率未录入", f"no crediting rate is entered for {year}"),
            place=f"{region_code} {year}",
            remedy=Text("录入公布的利率和文件", "enter the published rate and its document"),
        )
    if not entry.source or entry.confidence not in DOCUMENTED:
        raise _no_document(region_code, year)
    return entry


def method_of(region_code: str, year: int, book: ParameterBook | None = None) -> str:
    """Return how a county reckons the interest of a year: ``setting.A-GZ-5`` and ``setting.account_interest_month`` on its last day."""
    known, on = book or parameter_book(), date(year, 12, 31)
    if settle(known, QUESTION, on, region_code).value == "yearly":
        return YEARLY
    entry = known.find(f"setting.{MONTH_SETTING}", on, region_code)
    word = entry.value if entry is not None else settings()[MONTH_SETTING].value
    return MONTHLY_FROM_NEXT if word == "next" else MONTHLY


@implements("gz-7a", as_="action")
@transaction.atomic
def open_trial(region_code: str, year: int, *, scheme: str = Scheme.RESIDENT, actor: Actor, now: datetime) -> InterestRun:
    """Begin the trial of a county's year, or begin it anew with today's rate, method and entries; `reckon_trial` does it.

    Raise E-INTEREST-YEAR for a year that is not over, E-INTEREST-TWICE for one that is posted, E-INTEREST-APPROVED for one waiting to be,
    E-INTEREST-ORDER when the year before is open while an earlier one is posted, E-INTEREST-NONE without accounts, and what `rate_of`
    raises.
    """
    actor.require_role(*TRYING_ROLES)
    county = region_code[:COUNTY_LENGTH]
    actor.require_region(county)
    place = f"{county} {year}"
    if date(year, 12, 31) >= localdate(now):
        raise ZhubaoError("E-INTEREST-YEAR", Text("该年度尚未结束", "the year is not over"), place=place)
    hold_counties([county])
    if not Account.objects.filter(region_code=county, scheme=scheme).exists():
        raise ZhubaoError("E-INTEREST-NONE", Text("没有个人账户", "there are no personal accounts"), place=place)
    runs = InterestRun.objects.filter(region_code=county, scheme=scheme)
    run = runs.standing().filter(year=year).select_for_update().first()
    if run is not None and run.posted_at is not None:
        raise _twice(run)
    if run is not None and run.approved_at is not None:
        raise ZhubaoError("E-INTEREST-APPROVED", Text("已核准，正在入账", "it is approved and being posted"), place=place)
    posted = runs.posted().order_by("-year").first()
    if posted is not None and posted.year != year - 1:
        raise ZhubaoError(
            "E-INTEREST-ORDER",
            Text(
                f"已结息到 {posted.year} 年，应先结 {posted.year + 1} 年",
                f"{posted.year} is posted, {posted.year + 1} comes next",
            ),
            place=place,
        )
    book = parameter_book()
    rate = rate_of(county, year, scheme=scheme, book=book)
    run = run or InterestRun(region_code=county, scheme=scheme, year=year)
    run.rate_ppm, run.rate_source, run.method = rate.number(), rate.source[:300], method_of(county, year, book)
    run.previous, run.last_entry = posted, newest_entry()
    run.opened_at, run.opened_by_id, run.opened_by_name = now, actor.post_id, actor.name
    run.tried_at, run.fault, run.fault_en = None, "", ""
    run.save()
    run.sums.all().delete()
    close_tasks(str(run), actor=actor, now=now)
    after = {"year": year, "rate_ppm": run.rate_ppm, "document": run.rate_source, "method": run.method}
    record("interest.trial_opened", str(run), actor=actor, now=now, region_code=county, after=after)
    return run


@transaction.atomic
def reckon_trial(run_id: int, *, now: datetime) -> InterestRun:
    """Reckon a trial: its totals by source; the approving officer then has a task. Safe to repeat; one done or approved stays as it is."""
    run = InterestRun.objects.select_for_update(of=("self",)).select_related("previous").get(pk=run_id)
    if run.tried_at is not None:
        return run
    reckoned = reckon(run)
    found = reckoned.by_source()
    InterestSum.objects.bulk_create(
        [
            InterestSum(
                run=run,
                source=each.source,
                lots=each.lots,
                opening_fen=each.opening,
                moved_fen=each.moved,
                interest_fen=each.interest,
            )
            for each in found
        ]
    )
    run.accounts, run.lots, run.interest_fen = reckoned.account_count, len(reckoned.lots), int(reckoned.interest.sum())
    run.tried_at = now
    run.save()
    _wait_for(APPROVE_INTEREST, APPROVING_ROLES[0], run, now)
    return run


@implements("gz-7a", as_="action")
@transaction.atomic
def approve(run_id: int, *, actor: Actor, now: datetime) -> InterestRun:
    """Approve a trial, as another person than the one who asked for it; `post_interest` then enters it. Twice changes nothing.

    Raise E-INTEREST-STATE before the trial is done, E-SAME-PERSON, E-INTEREST-STALE when entries of the year were booked since.
    """
    actor.require_role(*APPROVING_ROLES)
    run = _locked(run_id, actor)
    if run.posted_at is not None or run.approved_at is not None:
        return run
    if run.tried_at is None:
        raise ZhubaoError("E-INTEREST-STATE", Text("试算还没有完成", "the trial is not done yet"), place=str(run))
    opener = run.opened_by
    if actor.user_id is not None and opener is not None and opener.user_id == actor.user_id:
        raise ZhubaoError("E-SAME-PERSON", Text("试算人不能核准入账", "whoever tried it does not approve it"), place=str(run))
    _require_fresh(run)
    run.approved_at, run.approved_by_id, run.approved_by_name = now, actor.post_id, actor.name
    run.fault = run.fault_en = ""
    run.save()
    close_tasks(str(run), actor=actor, now=now)
    after = {"year": run.year, "accounts": run.accounts, "interest_fen": run.interest_fen}
    record("interest.approved", str(run), actor=actor, now=now, region_code=run.region_code, after=after)
    return run


def post_interest(run_id: int, *, now: datetime) -> InterestRun:
    """Enter the interest of an approved run, all of it or nothing; a run that stands already is returned as it is.

    What refuses it (E-INTEREST-STALE, E-INTEREST-DIFFERS) is noted on the run, whose approval ends with it, and raised; who tries
    the year has a task to do so again.
    """
    try:
        return _post(run_id, now=now)
    except ZhubaoError as error:
        run = InterestRun.objects.get(pk=run_id)
        run.fault, run.fault_en = error.message("zh")[:300], error.message("en")[:300]
        run.approved_at, run.approved_by, run.approved_by_name = None, None, ""
        run.save()
        _wait_for(TRY_INTEREST_AGAIN, TRYING_ROLES[0], run, now)
        raise


@transaction.atomic
def _post(run_id: int, *, now: datetime) -> InterestRun:
    run = InterestRun.objects.select_for_update(of=("self",)).select_related("previous", "approved_by").get(pk=run_id)
    if run.posted_at is not None:
        return run
    if run.approved_at is None:
        raise ZhubaoError("E-INTEREST-STATE", Text("还没有核准", "it is not approved"), place=str(run))
    actor = run.approved_by.actor() if run.approved_by else Actor.system("account-interest", run.region_code)
    hold_counties([run.region_code])
    _require_fresh(run)
    batch = Batch.objects.create(
        region_code=run.region_code,
        booked_on=localdate(now),
        posted_at=now,
        posted_by_id=run.approved_by_id,
        actor_name=run.approved_by_name,
    )
    found = reckon(run)
    count, fen = len(found.lots), int(found.interest.sum())
    if (count, fen) != (run.lots, run.interest_fen):
        raise ZhubaoError(
            "E-INTEREST-DIFFERS",
            Text(
                f"试算 {amount_in_yuan(run.interest_fen)} 元，逐户合计 {amount_in_yuan(fen)} 元",
                f"the trial said {amount_in_yuan(run.interest_fen)} yuan, the accounts come to {amount_in_yuan(fen)}",
            ),
            place=str(run),
            remedy=Text("重新试算", "try it again"),
        )
    insert(run, batch, found)
    on = date(run.year, 12, 31)
    sums = {Moved(on, run.scheme, Kind.INTEREST, each.source): each.interest for each in found.by_source()}
    post_control(batch, sums, actor=actor, now=now)
    run.batch, run.posted_at = batch, now
    run.fault = run.fault_en = ""
    try:
        run.save()
    except IntegrityError as error:
        raise _twice(run) from error
    after = {"year": run.year, "entries": count, "interest_fen": fen}
    record("interest.posted", str(run), actor=actor, now=now, region_code=run.region_code, after=after)
    return run


@transaction.atomic
def take_back_run(run_id: int, reason: str, *, actor: Actor, now: datetime) -> InterestRun:
    """Take a year's interest back by entries the other way round on the same day, so that the year may be tried again.

    Raise E-INTEREST-STATE for one that is not posted, E-INTEREST-ORDER while a later year stands, E-REASON.
    """
    actor.require_role(*APPROVING_ROLES)
    run = _locked(run_id, actor)
    if run.reversed_at is not None:
        return run
    said = reason.strip()
    if not 0 < len(said) <= 300:
        raise ZhubaoError(
            "E-REASON", Text("请写明原因，不超过 300 字", "a reason is needed, at most 300 characters"), place=str(run)
        )
    if run.posted_at is None or run.batch is None:
        raise ZhubaoError("E-INTEREST-STATE", Text("还没有入账", "it is not posted"), place=str(run))
    later = InterestRun.objects.standing().filter(region_code=run.region_code, scheme=run.scheme, year__gt=run.year).first()
    if later is not None:
        problem = Text(
            f"{later.year} 年已试算或入账，应先撤销", f"{later.year} was tried or posted after it: take that back first"
        )
        raise ZhubaoError("E-INTEREST-ORDER", problem, place=str(run))
    hold_counties([run.region_code])
    batch = Batch.objects.create(
        region_code=run.region_code, booked_on=localdate(now), posted_at=now, posted_by_id=actor.post_id, actor_name=actor.name
    )
    insert_reversals(run.batch, batch)
    on = date(run.year, 12, 31)
    sums = {Moved(on, run.scheme, Kind.INTEREST, each.source): -each.interest_fen for each in run.sums.all()}
    post_control(batch, sums, actor=actor, now=now)
    run.reversed_at, run.reversed_by_name, run.reversed_because = now, actor.name, said
    run.save()
    record("interest.taken_back", str(run), actor=actor, now=now, region_code=run.region_code, reason=said)
    return run


def _wait_for(kind: str, role: str, run: InterestRun, now: datetime) -> None:
    system = Actor.system("account-interest", run.region_code)
    open_task(kind, str(run), region_code=run.region_code, role=role, organisation_id=None, deadline=None, actor=system, now=now)


def _locked(run_id: int, actor: Actor) -> InterestRun:
    run = InterestRun.objects.select_for_update(of=("self",)).select_related("opened_by", "batch").get(pk=run_id)
    actor.require_region(run.region_code)
    return run


def _require_fresh(run: InterestRun) -> None:
    count = booked_since(run)
    if count:
        raise ZhubaoError(
            "E-INTEREST-STALE",
            Text(f"试算后该年度又记了 {count} 笔", f"{count} entries of the year were booked since the trial"),
            place=str(run),
            remedy=Text("重新试算", "try it again"),
        )


def _twice(run: InterestRun) -> ZhubaoError:
    return ZhubaoError(
        "E-INTEREST-TWICE",
        Text(f"{run.year} 年已结息入账", f"the interest of {run.year} is posted already"),
        place=f"{run.region_code} {run.year}",
        remedy=Text("有误时先撤销该次结息", "if it is wrong, take that run back first"),
    )


def _no_document(region_code: str, year: int) -> ZhubaoError:
    return ZhubaoError(
        "E-INTEREST-DOCUMENT",
        Text("记账利率没有文件依据，不能启用", "a crediting rate without its document cannot be used"),
        place=f"{region_code} {year}",
        remedy=Text("填写文件名称和文号", "enter the document's name and number"),
    )
