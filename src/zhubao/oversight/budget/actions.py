"""Asking for a budget, and reckoning it. Once reckoned it is never changed: another stands beside it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.loans.models import Loan
from zhubao.loans.states import PROCESSES
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import parameter_book

from .assumptions import Assumptions, NewLoans
from .models import BudgetLine, BudgetRate, BudgetRun, Origin
from .reckoning import Sums, lines_of, looks_of
from .surveying import Group, survey_everything, survey_new

ASKING_ROLES = (Role.FINANCE_CLERK, Role.HRSS_SUPERVISOR, Role.AGENCY_ACCOUNTANT, Role.AGENCY_APPROVER)
# A death that is being settled, and what is over, costs what its own papers say.
OVER = ("death_settlement", "estate_claim")
MOST_RATES = 24


def ended_states() -> tuple[str, ...]:
    """Return the states in which a loan costs no later year anything that a budget could foresee."""
    final = {state.name for process in PROCESSES.values() for state in process.states if state.final}
    return (*sorted(final), *OVER)


@implements("jx-2.3d", "jx-5.2d", "rg-16", as_="action")
@transaction.atomic
def ask_budget(
    region_code: str, assumed: Assumptions, *, note: str = "", deaths_source: str = "", actor: Actor, now: datetime
) -> BudgetRun:
    """Note what a budget of a region assumes, as of the last month's end; `reckon` does the rest. Asked twice, there are two.

    Raise OutOfScope, E-BUDGET-SOURCE for deaths that rest on nothing, E-BUDGET for new loans of an unknown programme.
    """
    actor.require_role(*ASKING_ROLES)
    actor.require_region(region_code)
    if assumed.deaths_ppm is not None and not deaths_source.strip():
        raise ZhubaoError(
            "E-BUDGET-SOURCE",
            Text("死亡率须写明依据", "say what the assumed deaths rest on"),
            place="deaths_ppm",
            remedy=Text("写明资料名称、年份；没有依据时不填死亡率", "name the source and its year, or assume no deaths"),
        )
    new = assumed.new_loans
    if new is not None and new.policy_id not in PROCESSES:
        raise ZhubaoError("E-BUDGET", Text("没有这个流程", "there is no such programme"), place=new.policy_id)
    if len(assumed.rate_path) > MOST_RATES:
        raise ZhubaoError("E-BUDGET", Text(f"最多 {MOST_RATES} 个利率", f"at most {MOST_RATES} rates"), place="rate_path")
    nth = BudgetRun.objects.filter(region_code=region_code, asked_at__year=now.year).count() + 1
    run = BudgetRun.objects.create(
        region_code=region_code,
        number=f"YS-{region_code}-{localdate(now).year}-{nth:03}",
        as_of=month_end_before(localdate(now)),
        note=note.strip()[:200],
        years=assumed.years,
        growth_ppm=assumed.growth_ppm,
        rate_shift_ppm=assumed.rate_shift_ppm,
        losing_ppm=assumed.losing_ppm,
        regaining_ppm=assumed.regaining_ppm,
        deaths_ppm=assumed.deaths_ppm,
        deaths_source=deaths_source.strip()[:300] if assumed.deaths_ppm is not None else "",
        account_share_ppm=assumed.account_share_ppm,
        superior_share_ppm=assumed.superior_share_ppm,
        subsidy_fen=assumed.subsidy_fen,
        new_policy_id=new.policy_id if new else "",
        new_loans=new.number if new else None,
        new_months=new.months if new else None,
        new_yearly_fen=new.yearly_fen if new else None,
        new_from_year=new.from_year if new else None,
        new_certified_ppm=new.certified_ppm if new else None,
        asked_at=now,
        asked_by_id=actor.post_id,
        actor_name=actor.name,
    )
    BudgetRate.objects.bulk_create(BudgetRate(run=run, starts_on=day, ppm=ppm) for day, ppm in assumed.rate_path)
    record(
        "budget.asked",
        run.subject,
        actor=actor,
        now=now,
        region_code=region_code,
        after={"as_of": str(run.as_of)},
        reason=run.note,
    )
    return run


def reckon(run_id: int, *, actor: Actor, clock: Callable[[], datetime]) -> BudgetRun:
    """Reckon a budget that was asked for and keep its lines; one that is reckoned stays as it is.

    All of it is read from one state of the database; killed on the way it leaves nothing.
    """
    run = BudgetRun.objects.get(pk=run_id)
    if run.finished_at is not None:
        return run
    with transaction.atomic():
        return _reckon(run_id, actor=actor, now=clock())


def live_loans(region_code: str) -> list[int]:
    """Return the keys of the loans of a region that a budget counts."""
    loans = Loan.objects.filter(region_code__startswith=region_code, person__died_on=None).exclude(state__in=ended_states())
    return list(loans.order_by("region_code", "pk").values_list("pk", flat=True))


def assumptions_of(run: BudgetRun) -> Assumptions:
    """Return what a budget assumed."""
    new = None
    if run.new_loans is not None:
        assert run.new_months is not None, run
        assert run.new_yearly_fen is not None, run
        assert run.new_from_year is not None, run
        assert run.new_certified_ppm is not None, run
        new = NewLoans(
            run.new_policy_id, run.new_loans, run.new_months, run.new_yearly_fen, run.new_from_year, run.new_certified_ppm
        )
    return Assumptions(
        years=run.years,
        growth_ppm=run.growth_ppm,
        rate_shift_ppm=run.rate_shift_ppm,
        rate_path=tuple(run.rates.values_list("starts_on", "ppm")),
        losing_ppm=run.losing_ppm,
        regaining_ppm=run.regaining_ppm,
        deaths_ppm=run.deaths_ppm,
        account_share_ppm=run.account_share_ppm,
        superior_share_ppm=run.superior_share_ppm,
        subsidy_fen=run.subsidy_fen,
        new_loans=new,
    )


def month_end_before(day: date) -> date:
    """Return the last day of the month before the one of a day."""
    return day.replace(day=1) - timedelta(1)


def _reckon(run_id: int, *, actor: Actor, now: datetime) -> BudgetRun:
    run = BudgetRun.objects.select_for_update().get(pk=run_id)
    if run.finished_at is not None:
        return run
    assumed, book = assumptions_of(run), parameter_book()
    loan_ids = live_loans(run.region_code)
    groups, sums, counts, run.without_rule = survey_everything(loan_ids, run.as_of, assumed, book)
    lines = _lines(run, groups, sums, counts, Origin.LIVE)
    if assumed.new_loans is not None:
        new = survey_new(assumed.new_loans, run.region_code, run.as_of, assumed, book)
        lines += _lines(run, [(run.region_code, assumed.new_loans.policy_id)], new, {}, Origin.NEW)
    BudgetLine.objects.bulk_create(lines, batch_size=2_000)
    dead = Loan.objects.filter(region_code__startswith=run.region_code).exclude(person__died_on=None)
    run.left_out = dead.exclude(state__in=ended_states()).count() + dead.filter(state__in=OVER).count()
    run.loans, run.finished_at = len(loan_ids), now
    run.save(update_fields=["loans", "without_rule", "left_out", "finished_at"])
    after = {"loans": run.loans, "lines": len(lines)}
    record("budget.reckoned", run.subject, actor=actor, now=now, region_code=run.region_code, after=after)
    return run


def _lines(run: BudgetRun, groups: list[Group], sums: Sums, counts: dict[Group, int], origin: Origin) -> list[BudgetLine]:
    assumed, looks = assumptions_of(run), looks_of(run.as_of, run.years)
    return [
        BudgetLine(
            run=run,
            region_code=region_code,
            policy_id=policy_id,
            origin=origin,
            item=line.item,
            payer=line.payer,
            year=line.year,
            fen=sum(line.months),
            months=list(line.months),
            loans=counts.get((region_code, policy_id), 0),
        )
        for number, (region_code, policy_id) in enumerate(groups)
        for line in lines_of(sums, number, looks, assumed)
    ]
