"""A county of a hundred thousand cases in a scratch database, for load tests: the demonstration's cases, copied by plain SQL.

Each copy has a person, a form, a history, decisions and tasks of its own, with the states and days of the case it was copied from; the
frozen evidence behind its decisions is the original's. No action runs: such a database is good for measuring and for nothing else.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CASES = 100_000
CLERKS = 200
# Added to every key for each copy: larger than any key of the demonstration.
STRIDE = 100_000
PASSWORD = "not signed in with"
# Columns of a copy that are not the original's; `n` is the number of the copy, `o` the original row.
KEY = f"o.id + n * {STRIDE}"
NUMBER = "left(o.number, 14) || lpad((n * 1000 + right(o.number, 6)::int)::text, 6, '0')"
CASE = f"o.case_id + n * {STRIDE}"
COPIED: tuple[tuple[str, dict[str, str]], ...] = (
    ("people_person", {"id": KEY, "id_number_index": "sha256(o.id_number_index || int4send(n))"}),
    ("people_insuredrecord", {"id": KEY, "person_id": f"o.person_id + n * {STRIDE}"}),
    ("cases_case", {"id": KEY, "number": NUMBER, "person_id": f"o.person_id + n * {STRIDE}"}),
    ("cases_application", {"case_id": CASE}),
    ("cases_step", {"id": KEY, "case_id": CASE, "key": "o.key || '/' || n"}),
    ("cases_decision", {"id": KEY, "case_id": CASE, "step_id": f"o.step_id + n * {STRIDE}"}),
    (
        "tasks_task",
        {"id": KEY, "subject": "left(o.subject, 19) || lpad((n * 1000 + right(o.subject, 6)::int)::text, 6, '0')"},
    ),
)
# What is copied of a table: everything but tasks that are about no case.
ONLY = {"tasks_task": "o.subject LIKE 'case:%%'"}


@contextmanager
def scratch_installation() -> Iterator[None]:
    """Have an empty installation of its own below the temporary folder inside the block, and nothing of it afterwards."""
    with tempfile.TemporaryDirectory(prefix="zhubao-load-") as folder:
        Path(folder).chmod(0o755)
        os.environ["ZHUBAO_DATA_DIR"] = folder
        os.environ.pop("DATABASE_URL", None)
        from zhubao.cli.operations import collect_static, installation

        with installation():
            collect_static()
            yield


def fill(cases: int = CASES) -> int:
    """Fill the demonstration and copy its cases until there are about so many; return how many there are."""
    from django.db import connection
    from django.utils import timezone

    from zhubao.cases.models import Case
    from zhubao.config.places import create_data_folder
    from zhubao.procedures import demonstration

    folder = create_data_folder() / "demonstration"
    filled = demonstration.fill_everything(folder, password=PASSWORD, jobs=2, now=timezone.now())
    copies = -(-cases // filled.cases) - 1
    with connection.cursor() as cursor:
        for table, changed in COPIED:
            columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
            values = ", ".join(changed.get(column, f'o."{column}"') for column in columns)
            names = ", ".join(f'"{column}"' for column in columns)
            which = ONLY.get(table, "true")
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} o, generate_series(1, %s) n WHERE {which}", [copies]
            )
        # A county at work has been vacuumed; here it would happen in the middle of the measurement.
        cursor.execute("VACUUM (ANALYZE)")
    return Case.objects.count()


def sign_clerks_in(count: int = CLERKS) -> list[tuple[str, str]]:
    """Return (name, session key) of so many clerks: the posts of the loan counties in turn, each in the hands of further people.

    A session is written as signing in writes it, without the half second that a password takes.
    """
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.utils import timezone

    from zhubao.access.actions import add_user, open_post
    from zhubao.access.actors import Actor
    from zhubao.access.selectors import open_posts
    from zhubao.procedures.demonstration_counties import shared_hash
    from zhubao.tasks.selectors import waiting_for

    actor, now = Actor.system("load test"), timezone.now()
    desks = [post for post in open_posts() if waiting_for(post.actor()).exists() and post.role != "tax_clerk"]
    store = import_module(settings.SESSION_ENGINE).SessionStore
    found = []
    for number in range(count):
        desk = desks[number % len(desks)]
        user = add_user(f"load-{number}", f"压测{number}", shared_hash(PASSWORD), hashed=True, actor=actor, now=now)
        open_post(user, desk.organisation, desk.role, actor=actor, now=now)
        session = store()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        found.append((user.username, str(session.session_key)))
    return found
