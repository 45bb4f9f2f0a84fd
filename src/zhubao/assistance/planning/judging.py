"""The verdict of the policy on everybody at once: its own definition, printed as SQL and run where the people are."""

from datetime import date

from django.db import connection

from zhubao.parameters import ParameterBook
from zhubao.people.keys import keys
from zhubao.people.many_rows import batches
from zhubao.policies import judge_of
from zhubao.rosters.models import RosterFile
from zhubao.rules.binding import day_number
from zhubao.rules.sql import verdict_query
from zhubao.screening.figures import figures_for

from ..models import PlanRun
from .facts import asked_of, fact_steps

MADE = (
    "plan_asked",
    "plan_lists",
    "plan_covered",
    "plan_certified",
    "plan_enrolled",
    "plan_grades",
    "plan_facts",
    "plan_figured",
    "plan_judged",
)
# Whom a roster file names that a trial takes for the whole list of a category; filled by the trial, else empty.
ASSUMED_LIST = "CREATE TEMP TABLE IF NOT EXISTS plan_assumed_list (person_id bigint PRIMARY KEY)"


def judge_all(run: PlanRun, book: ParameterBook) -> None:
    """Make the table `plan_judged` of this session: a row a person with verdict, masks, category, payer and amounts.

    Beside it stands `plan_facts`. Raise E-POLICY-NOT-IN-FORCE and what else `Judge.binding` raises for the figures of the day.
    """
    judge = judge_of(run.plan.policy_id)
    policy = judge.policy
    given = asked_of(run, policy)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{ASSUMED_LIST}; SET LOCAL work_mem = '128MB'; SET LOCAL jit = off; SET LOCAL default_statistics_target = 10"
        )
        for name in MADE:
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
        for name, query in fact_steps(policy, run.assumed_category):
            cursor.execute(f"CREATE TEMP TABLE {name} AS {query}", given)
            cursor.execute(f"ANALYZE {name}")
        cursor.execute("SELECT DISTINCT place_of_insurance FROM plan_facts WHERE place_of_insurance IS NOT NULL")
        figures = figures_for(judge, run.as_of, [place for (place,) in cursor.fetchall()], book)
        columns = "".join(f", {expression} AS {name}" for name, expression in figures.columns.items())
        cursor.execute(f"CREATE TEMP TABLE plan_figured AS SELECT *{columns} FROM plan_facts")
        query = verdict_query(
            policy,
            figures.values,
            on=day_number(run.as_of),
            source="plan_figured",
            passthrough=("person_id", *figures.columns),
            dialect="postgres",
        )
        cursor.execute(f"CREATE TEMP TABLE plan_judged AS {query}")
        cursor.execute("ANALYZE plan_judged")


def assume_list(run: PlanRun) -> int:
    """Take the people of a trial's roster file for the whole list of its category; return how many of them nobody has registered."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.plan_assumed_list; {ASSUMED_LIST}")
    if run.assumed_roster is None:
        return 0
    numbers = numbers_on(run.assumed_roster, run.as_of)
    held = keys()
    digests = [held.digest(number) for number in numbers]
    known = 0
    with connection.cursor() as cursor:
        for batch in batches(digests):
            cursor.execute(
                "INSERT INTO plan_assumed_list SELECT id FROM people_person WHERE id_number_index = ANY(%(digests)s) "
                'UNION SELECT person_id FROM people_formernumber WHERE "index" = ANY(%(digests)s) ON CONFLICT DO NOTHING',
                {"digests": list(batch)},
            )
            known += cursor.rowcount
    return len(digests) - known


def numbers_on(file: RosterFile, today: date) -> list[str]:
    """Return the citizen numbers of the usable rows of a roster file, each once; raise ZhubaoError for a file that cannot be read."""
    from zhubao.screening.rosters import read_rosters

    read = read_rosters([(file.path, file.kind or None)], today=today)
    return [str(number) for number in read.rows.column("id_number").unique().to_pylist()]


def forget() -> None:
    """Drop the tables of a reckoning."""
    with connection.cursor() as cursor:
        for name in (*MADE, "plan_decided", "plan_written", "plan_assumed_list"):
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
