"""The yearly interest of counties: trials and postings one county after the other, each by itself; and those the pages ask for."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple, TypedDict

from zhubao.access.actors import Actor
from zhubao.accounts.interest.actions import approve, open_trial, post_interest, reckon_trial
from zhubao.accounts.models import Account, InterestRun
from zhubao.accounts.writing import prepare_years
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.people.models import Scheme

SYSTEM = "account-interest"


class CountyDone(NamedTuple):
    """What became of one county: its run, or what refused it."""

    region_code: str
    run: InterestRun | None
    fault: ZhubaoError | None = None


class CountyJson(TypedDict):
    """A county's interest as the command prints it; money in fen, `fault` null where there is none."""

    region: str
    run: int | None
    state: str | None
    rate_ppm: int | None
    document: str | None
    accounts: int
    lots: int
    interest_fen: int
    by_source: dict[str, int]
    fault: str | None


def try_counties(region_code: str, year: int, *, actor: Actor, clock: Callable[[], datetime]) -> list[CountyDone]:
    """Try the year in every county with accounts in a region, anew where a trial stands; a county that is refused stops no other."""

    def work(county: str) -> InterestRun:
        return reckon_trial(open_trial(county, year, actor=actor, now=clock()).pk, now=clock())

    return _each(region_code, actor, work)


def post_counties(region_code: str, year: int, *, actor: Actor, clock: Callable[[], datetime]) -> list[CountyDone]:
    """Post the year in every county whose trial stands; one posted before is returned as it is.

    A trial that a person asked for, or the command before this one, counts as the first hand; the command that posts is the second.
    """
    prepare_years(year, year + 1)

    def work(county: str) -> InterestRun:
        run = InterestRun.objects.standing().filter(region_code=county, scheme=Scheme.RESIDENT, year=year).first()
        if run is None:
            raise ZhubaoError(
                "E-INTEREST-STATE",
                Text("还没有试算", "there is no trial"),
                place=f"{county} {year}",
                remedy=Text("先用 --trial 试算", "try it first with --trial"),
            )
        approve(run.pk, actor=actor, now=clock())
        return post_interest(run.pk, now=clock())

    return _each(region_code, actor, work)


def run_trial(run_id: int, *, clock: Callable[[], datetime]) -> InterestRun:
    """Reckon a trial that a page asked for."""
    return reckon_trial(run_id, now=clock())


def run_posting(run_id: int, *, clock: Callable[[], datetime]) -> InterestRun:
    """Post a run that was approved; what refuses it stands on the run afterwards."""
    year = InterestRun.objects.values_list("year", flat=True).get(pk=run_id)
    prepare_years(year, year + 1)
    try:
        return post_interest(run_id, now=clock())
    except ZhubaoError:
        return InterestRun.objects.get(pk=run_id)


def as_json(done: CountyDone) -> CountyJson:
    """Return a county in the shape the command prints."""
    run = done.run
    return {
        "region": done.region_code,
        "run": run.pk if run else None,
        "state": run.state if run else None,
        "rate_ppm": run.rate_ppm if run else None,
        "document": run.rate_source if run else None,
        "accounts": run.accounts if run else 0,
        "lots": run.lots if run else 0,
        "interest_fen": run.interest_fen if run else 0,
        "by_source": {each.source: each.interest_fen for each in run.sums.order_by("source")} if run else {},
        "fault": done.fault.message("en") if done.fault else None,
    }


def _each(region_code: str, actor: Actor, work: Callable[[str], InterestRun]) -> list[CountyDone]:
    actor.require_region(region_code)
    rows = Account.objects.filter(region_code__startswith=region_code[:6], scheme=Scheme.RESIDENT)
    counties = list(rows.order_by("region_code").values_list("region_code", flat=True).distinct())
    if not counties:
        raise ZhubaoError("E-INTEREST-NONE", Text("没有个人账户", "there are no personal accounts"), place=region_code)
    result = []
    for county in counties:
        try:
            result.append(CountyDone(county, work(county)))
        except ZhubaoError as error:
            result.append(CountyDone(county, None, error))
    return result
