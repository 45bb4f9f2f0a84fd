"""Background work of the whole installation. A job calls a procedure and nothing else."""

from procrastinate import JobContext
from procrastinate.contrib.django import app


@app.periodic(cron="7 3 * * *")
@app.task(queue="upkeep", queueing_lock="sessions", pass_context=False)
def clear_sessions(timestamp: int) -> None:
    """Remove sessions that have ended; `timestamp` is the planned second, given by the scheduler."""
    from django.core.management import call_command

    call_command("clearsessions")


@app.periodic(cron="* * * * *")
@app.task(queue="upkeep", queueing_lock="stalled", pass_context=True)
async def take_up_stalled(context: JobContext, timestamp: int) -> None:
    """Hand the work of workers that are gone to the others; every job of ours may be done again from the beginning."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs():
        await jobs.retry_job(job)


@app.periodic(cron="41 5 * * *")
@app.task(queue="upkeep", queueing_lock="plan-tasks", pass_context=False)
def renew_plan_tasks(timestamp: int) -> None:
    """Put what waits in the published plans before its posts, every morning; `timestamp` is the planned second, given by the scheduler."""
    from zhubao.access import clock
    from zhubao.access.actors import Actor
    from zhubao.assistance.collecting_tasks import renew_published

    renew_published(actor=Actor.system("plan-tasks"), now=clock.now())


@app.periodic(cron="13 6 * * *")
@app.task(queue="upkeep", queueing_lock="overdue", pass_context=False)
def tell_of_overdue(timestamp: int) -> None:
    """Tell offices what is past its day, every morning; `timestamp` is the planned second, given by the scheduler."""
    from zhubao.access import clock
    from zhubao.access.actors import Actor

    from .overdue import supervise_overdue

    supervise_overdue(clock.today(), actor=Actor.system("overdue"), now=clock.now())


@app.periodic(cron="51 5 * * *")
@app.task(queue="upkeep", queueing_lock="follow-ups", pass_context=False)
def look_after_borrowers(timestamp: int) -> None:
    """Put the borrowers to be looked after before their banks, every morning; `timestamp` is given by the scheduler."""
    from zhubao.access import clock
    from zhubao.access.actors import Actor
    from zhubao.loans.following import open_follow_ups

    open_follow_ups(clock.today(), actor=Actor.system("follow-ups"), now=clock.now())


@app.periodic(cron="23 6 * * *")
@app.task(queue="upkeep", queueing_lock="measures", pass_context=False)
def watch_measures(timestamp: int) -> None:
    """Supervise measures whose report is missing and remind of those due soon; `timestamp` is given by the scheduler."""
    from zhubao.access import clock
    from zhubao.access.actors import Actor
    from zhubao.oversight.measures.supervising import remind_measures, supervise_measures

    actor, today, now = Actor.system("measures"), clock.today(), clock.now()
    supervise_measures(today, actor=actor, now=now)
    remind_measures(today, actor=actor, now=now)


@app.periodic(cron="41 5 * * *")
@app.task(queue="upkeep", queueing_lock="household-calls", pass_context=False)
def share_out_household_calls(timestamp: int) -> None:
    """Let villages call on whoever owes an own part, and on nobody else; `timestamp` is the planned second, given by the scheduler."""
    from zhubao.access import clock

    from .household_calls import share_out_everywhere

    share_out_everywhere(now=clock.now())


@app.periodic(cron="41 4 1 * *")
@app.task(queue="upkeep", queueing_lock="benefits", pass_context=False)
def pay_resident_pensions(timestamp: int) -> None:
    """Do the month of resident pensions on its first morning; `timestamp` is the planned second, given by the scheduler."""
    from zhubao.access import clock

    from .benefits_month import run_counties

    run_counties(clock.today(), now=clock.now())


@app.periodic(cron="21 0 * * *")
@app.task(queue="upkeep", queueing_lock="listings", pass_context=False)
def remove_expired_listings(timestamp: int) -> None:
    """Take everybody off the dishonesty list whose removal day has come; `timestamp` is the planned second, given by the scheduler."""
    from zhubao.access import clock
    from zhubao.oversight.dishonesty.actions import remove_expired

    remove_expired("", now=clock.now())


@app.task(queue="rosters")
def read_roster(file_id: int) -> None:
    """Read a roster file that was handed in."""
    from zhubao.access import clock

    from .roster_received import read_received

    read_received(file_id, now=clock.now())


@app.periodic(cron="33 5 * * *")
@app.task(queue="upkeep", queueing_lock="lists-asked", pass_context=False)
def ask_for_lists(timestamp: int) -> None:
    """Ask departments for this month's lists, and on the first of a month match what is there; `timestamp` is the planned second."""
    from zhubao.access import clock
    from zhubao.access.actors import Actor
    from zhubao.rosters.due import ask_for_month
    from zhubao.rosters.matching import match_region

    from .roster_certified import helped_people

    today, system = clock.today(), Actor.system("lists")
    ask_for_month(today, actor=system, now=clock.now())
    if today.day == 1:
        match_region("", today, helped=helped_people(""), actor=system, now=clock.now())


@app.task(queue="rosters")
def read_list_version(version_id: int) -> None:
    """Read a version of a list that was handed in."""
    from zhubao.access import clock

    from .roster_certified import read_version

    read_version(version_id, now=clock.now())


@app.task(queue="rosters")
def enter_list_version(version_id: int) -> None:
    """Enter the people of a certified version."""
    from zhubao.access import clock

    from .roster_certified import enter_version

    enter_version(version_id, now=clock.now())


@app.task(queue="rosters")
def screen(screening_id: int) -> None:
    """Run a screening."""
    from zhubao.access import clock

    from .screening_run import run_screening

    run_screening(screening_id, clock=clock.now)


@app.task(queue="rosters")
def screen_demonstration(region_code: str) -> None:
    """Read the files of one place of the demonstration and judge everybody on them once."""
    from zhubao.access import clock

    from .demonstration_counties import screen_county

    screen_county(region_code, clock=clock.now)


@app.task(queue="exchange")
def apply_received(envelope_id: int) -> None:
    """Apply the lines of a file that came in."""
    from zhubao.access import clock

    from .received_files import apply_envelope

    apply_envelope(envelope_id, clock=clock.now)


@app.task(queue="exchange")
def read_claim(envelope_id: int, post_id: int) -> None:
    """Read a claim file that a post handed in, and open its claim."""
    from zhubao.access import clock
    from zhubao.access.models import Post

    from .claim_received import take_claim_in

    take_claim_in(envelope_id, actor=Post.objects.get(pk=post_id).actor(), now=clock.now())


@app.task(queue="exchange")
def check_claim_again(claim_id: int, post_id: int) -> None:
    """Recompute a claim because somebody at a post asked for it."""
    from zhubao.access import clock
    from zhubao.access.models import Post

    from .claim_received import check_asked

    check_asked(claim_id, Post.objects.get(pk=post_id).actor(), clock=clock.now)


@app.task(queue="exchange")
def book_claim(claim_id: int) -> None:
    """Book a claim that finance paid, loan by loan."""
    from zhubao.access import clock

    from .claim_received import book_paid

    book_paid(claim_id, clock=clock.now)


@app.task(queue="month-end")
def close_month(run_id: int) -> None:
    """Do a month-end, or go on with it."""
    from zhubao.access import clock

    from .month_end import run_month_end

    run_month_end(run_id, clock=clock.now)


@app.task(queue="statements")
def make_statements(run_id: int) -> None:
    """Make the statements of a run."""
    from zhubao.access import clock

    from .statements_made import run_statements

    run_statements(run_id, clock=clock.now)


def take_claim_in_soon(envelope_id: int, post_id: int) -> None:
    """Have a claim file read in the background for the post that handed it in; never twice at the same time."""
    read_claim.configure(lock=f"envelope:{envelope_id}").defer(envelope_id=envelope_id, post_id=post_id)


def check_claim_soon(claim_id: int, post_id: int) -> None:
    """Have a claim recomputed in the background for a post; never twice at the same time."""
    check_claim_again.configure(lock=f"claim:{claim_id}").defer(claim_id=claim_id, post_id=post_id)


def book_claim_soon(claim_id: int) -> None:
    """Have a paid claim booked in the background; never twice at the same time."""
    book_claim.configure(lock=f"claim:{claim_id}").defer(claim_id=claim_id)


@app.task(queue="verification")
def verify(run_id: int) -> None:
    """Do a yearly verification and reckon its budget."""
    from zhubao.access import clock

    from .verification_run import run_verification

    run_verification(run_id, clock=clock.now)


@app.task(queue="verification")
def confirm_findings(
    run_id: int, post_id: int, finding: str, ground: str, certifier: str | None, effective_on: str, reason: str
) -> None:
    """Confirm the findings of a verification that a filter keeps, because somebody at a post asked for it."""
    from datetime import date

    from zhubao.access import clock
    from zhubao.access.models import Post

    from .verification_run import confirm_found

    day = date.fromisoformat(effective_on) if effective_on else None
    confirm_found(
        run_id,
        finding=finding,
        ground=ground,
        certifier=certifier,
        effective_on=day,
        reason=reason,
        actor=Post.objects.get(pk=post_id).actor(),
        clock=clock.now,
    )


def verify_soon(run_id: int) -> None:
    """Have a verification done in the background; never twice at the same time."""
    verify.configure(lock=f"verification:{run_id}").defer(run_id=run_id)


def confirm_findings_soon(
    run_id: int, post_id: int, *, finding: str, ground: str, certifier: str | None, effective_on: str, reason: str
) -> None:
    """Have many findings confirmed in the background for a post; never two confirmations of a run at the same time."""
    wanted = {"finding": finding, "ground": ground, "certifier": certifier, "effective_on": effective_on, "reason": reason}
    confirm_findings.configure(lock=f"verification:{run_id}").defer(run_id=run_id, post_id=post_id, **wanted)


@app.task(queue="verification")
def reckon_plan(run_id: int, post_id: int) -> None:
    """Reckon a yearly plan because somebody at a post asked for it."""
    from zhubao.access import clock
    from zhubao.access.models import Post

    from .plan_reckoned import run_reckoning

    run_reckoning(run_id, Post.objects.get(pk=post_id).actor(), clock=clock.now)


def reckon_plan_soon(run_id: int, plan_id: int, post_id: int) -> None:
    """Have a plan reckoned in the background for a post; never two reckonings of a plan at the same time."""
    reckon_plan.configure(lock=f"plan:{plan_id}").defer(run_id=run_id, post_id=post_id)


@app.task(queue="demonstration")
def live_months(journey_id: int) -> None:
    """Live the months of a journey of the demonstration."""
    from zhubao.access import clock

    from .demonstration_months.journey import run_journey

    run_journey(journey_id, clock=clock.now)


def live_months_soon(journey_id: int) -> None:
    """Have the months of a journey lived in the background; never twice at the same time."""
    live_months.configure(lock="demonstration-months").defer(journey_id=journey_id)


@app.task(queue="statements")
def reckon_budget(run_id: int) -> None:
    """Reckon a budget."""
    from zhubao.access import clock

    from .budgets_reckoned import reckon_now

    reckon_now(run_id, clock=clock.now)


def reckon_budget_soon(run_id: int) -> None:
    """Have a budget reckoned in the background; never twice at the same time."""
    reckon_budget.configure(lock=f"budget:{run_id}").defer(run_id=run_id)


def close_month_soon(run_id: int) -> None:
    """Have a month-end done in the background; never twice at the same time."""
    close_month.configure(lock=f"month-end:{run_id}").defer(run_id=run_id)


def make_statements_soon(run_id: int) -> None:
    """Have a year's statements made in the background; never twice at the same time."""
    make_statements.configure(lock=f"statements:{run_id}").defer(run_id=run_id)


def apply_envelope_soon(envelope_id: int) -> None:
    """Have a received file applied in the background; never twice at the same time."""
    apply_received.configure(lock=f"envelope:{envelope_id}").defer(envelope_id=envelope_id)


def read_soon(file_id: int) -> None:
    """Have a file read in the background, once the present transaction stands; never twice at the same time."""
    read_roster.configure(lock=f"roster:{file_id}").defer(file_id=file_id)


def read_version_soon(version_id: int) -> None:
    """Have a version of a list read in the background; never twice at the same time."""
    read_list_version.configure(lock=f"list-version:{version_id}").defer(version_id=version_id)


def enter_version_soon(version_id: int) -> None:
    """Have the people of a certified version entered in the background; never twice at the same time."""
    enter_list_version.configure(lock=f"list-version:{version_id}").defer(version_id=version_id)


def screen_soon(screening_id: int) -> None:
    """Have a screening run in the background, once the present transaction stands; never twice at the same time."""
    screen.configure(lock=f"screening:{screening_id}").defer(screening_id=screening_id)


def screen_demonstration_soon(region_code: str) -> None:
    """Have a place of the demonstration screened in the background, once its figures and files stand."""
    screen_demonstration.configure(lock=f"demonstration:{region_code}").defer(region_code=region_code)


@app.task(queue="month-end")
def try_account_interest(run_id: int) -> None:
    """Reckon the trial of a year's interest on personal accounts."""
    from zhubao.access import clock

    from .account_interest import run_trial

    run_trial(run_id, clock=clock.now)


@app.task(queue="month-end")
def post_account_interest(run_id: int) -> None:
    """Post a year's interest on personal accounts that was approved."""
    from zhubao.access import clock

    from .account_interest import run_posting

    run_posting(run_id, clock=clock.now)


def try_account_interest_soon(run_id: int) -> None:
    """Have a trial of interest reckoned in the background; never beside its posting."""
    try_account_interest.configure(lock=f"account-interest:{run_id}").defer(run_id=run_id)


def post_account_interest_soon(run_id: int) -> None:
    """Have approved interest posted in the background; never twice at the same time."""
    post_account_interest.configure(lock=f"account-interest:{run_id}").defer(run_id=run_id)
