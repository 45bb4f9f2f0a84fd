"""What tests share. Nothing here starts the database until a test asks for it: pure tests stay quick."""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings

from zhubao.config import embedded_database
from zhubao.config.database_address import uses_embedded_server
from zhubao.config.migrating import quickly
from zhubao.config.places import data_folder

if TYPE_CHECKING:
    import psycopg
    from axe_playwright_python.sync_playwright import Axe
    from django.test import Client
    from playwright.sync_api import Browser, Page

    from zhubao.access.models import Post

pytest_plugins = ["tests.clause_claims"]

PASSWORD = "a password for tests"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LONG_FILES = {"test_demonstration_cases.py", "test_demonstration_assistance.py", "test_operations.py"}
# No disk write has to survive a test run.
QUICK = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]


def pytest_configure() -> None:
    """Keep what tests write apart from what `make run` keeps, and let several runs go on at once."""
    folder = data_folder() / "tests"
    (folder / "static").mkdir(parents=True, exist_ok=True)
    os.environ["ZHUBAO_DATA_DIR"] = str(folder)
    # Sync Playwright runs an event loop in the thread the test runs in.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    # Tests start processes by the dozen: none of them compiles the package anew, whatever the machine's own setting.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    settings.DATA_FOLDER, settings.MEDIA_ROOT, settings.STATIC_ROOT = folder, folder / "files", folder / "static"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    database = settings.DATABASES["default"]
    database["CONN_MAX_AGE"] = 0
    database.setdefault("TEST", {})["NAME"] = f"test_zhubao_{os.getpid()}"
    if uses_embedded_server():
        database["HOST"] = str(embedded_database.socket_folder())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have the long files first, so that no worker begins one when the others are done: what drives a browser or fills counties."""
    long = {item.path for item in items if item.get_closest_marker("browser") or item.path.name in LONG_FILES}
    items.sort(key=lambda item: item.path not in long)
    # What was read stays until the end: the collector need not walk through it again and again.
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Have a server when the first test wants the database; stop it after the last run that uses it."""
    if not uses_embedded_server():
        yield
        return
    server = embedded_database.start(*QUICK)
    drop_leftovers()
    with embedded() as at:
        if at.execute("SELECT 1 FROM pg_database WHERE datname = %s", [migrated_name()]).fetchone():
            settings.DATABASES["default"]["TEST"]["TEMPLATE"] = migrated_name()
    try:
        with quickly():
            yield
    finally:
        server.stop()


def embedded() -> "psycopg.Connection[tuple[Any, ...]]":
    """Return a connection to the embedded server itself."""
    import psycopg

    return psycopg.connect(host=settings.DATABASES["default"]["HOST"], user="postgres", dbname="postgres", autocommit=True)


@cache
def migrated_name() -> str:
    """Return the name of the database with the tables as this checkout's migrations and packages make them."""
    source = Path(embedded_database.__file__).parents[1]
    parts = [Path(__file__).parents[1] / "requirements-dev.lock", *sorted(source.glob("*/migrations/*.py"))]
    digest = sha256(b"".join(str(part.relative_to(source.parents[1])).encode() + part.read_bytes() for part in parts))
    return f"migrated_{digest.hexdigest()[:16]}"


def keep_migrated(made: str) -> None:
    """Keep a copy of a migrated database for later runs, instead of the copies of other migrations."""
    from psycopg import errors

    with embedded() as at:
        others = "SELECT datname FROM pg_database WHERE datname ~ '^migrated_' AND datname <> %s"
        for (old,) in at.execute(others, [migrated_name()]).fetchall():
            with suppress(errors.ObjectInUse):
                at.execute(f'DROP DATABASE IF EXISTS "{old}"')
        with suppress(errors.DuplicateDatabase, errors.UniqueViolation):
            at.execute(f'CREATE DATABASE "{migrated_name()}" TEMPLATE "{made}"')


def drop_leftovers() -> None:
    """Drop the databases of test runs that were killed."""
    with embedded() as server:
        names = server.execute("SELECT datname FROM pg_database WHERE datname ~ '^test_zhubao_[0-9]+'").fetchall()
        for (name,) in names:
            if not Path(f"/proc/{name.split('_')[2]}").exists() and Path("/proc/self").exists():
                server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Have the tables, migrated once and copied afterwards.

    Tests with a live server may empty the audit table between them; `tests/access` tries the trigger itself.
    """
    from django.db import connection
    from django.test import TransactionTestCase

    if uses_embedded_server() and "TEMPLATE" not in settings.DATABASES["default"]["TEST"]:
        connection.close()
        keep_migrated(connection.settings_dict["NAME"])
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE access_auditentry DISABLE TRIGGER audit_no_truncate")
    if uses_embedded_server():
        TransactionTestCase._fixture_teardown = lambda _case: empty_tables()  # type: ignore[attr-defined]


def empty_tables() -> None:
    """Delete the rows a test committed. Only few tables have any: Django's way, TRUNCATE of all and permissions anew, costs a second.

    The locks are those of TRUNCATE: a request that is still under way ends before, and leaves nothing for the next test.
    """
    from django.db import connection, transaction

    names = [f'"{name}"' for name in tables_to_empty()]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE")
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in names))
        filled = [name for (name,) in cursor.fetchall()]
        # Without triggers and foreign keys: append-only tables are emptied too, in any order.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for name in filled:
            cursor.execute(f"DELETE FROM {name}")


@cache
def tables_to_empty() -> list[str]:
    """Return the names of the tables of all models, without the two whose rows Django makes from the models themselves."""
    from django.db import connection

    made = {"django_content_type", "auth_permission"}
    return sorted(set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - made)


@pytest.fixture(autouse=True)
def no_job_of_another_test(request: pytest.FixtureRequest) -> None:
    """Empty the queue of background work before a test that commits: the test before it may have left a job without its rows."""
    marked = request.node.get_closest_marker("django_db")
    commits = bool(marked and marked.kwargs.get("transaction"))
    if commits or {"transactional_db", "live_server"} & set(request.fixturenames):
        from django.db import connection

        request.getfixturevalue("transactional_db")
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@pytest.fixture(scope="session")
def county_rows() -> list[str]:
    """Return the statement that writes what the demonstration county wrote the first time; empty until then."""
    return []


@pytest.fixture
def county(db: None, county_rows: list[str]) -> "list[Post]":
    """Return the posts of the demonstration county; every account has `PASSWORD`.

    The first test fills it through the actions, the others get the same rows in one go.
    """
    from django.db import connection
    from django.utils import timezone

    from zhubao.access.models import Region
    from zhubao.access.selectors import open_posts
    from zhubao.procedures import demonstration

    if Region.objects.exists():
        return demonstration.fill(password=PASSWORD, now=timezone.now())
    if county_rows:
        with connection.cursor() as cursor:
            cursor.execute(county_rows[0])
    else:
        demonstration.fill(password=PASSWORD, now=timezone.now())
        county_rows.append("; ".join(inserts()))
    return list(open_posts())


def inserts() -> Iterator[str]:
    """Yield for each of our tables that has rows the statement that writes them; references are checked when a transaction ends."""
    from django.apps import apps
    from django.db import connection

    with connection.cursor() as cursor:
        for table in [model._meta.db_table for model in apps.get_models() if model.__module__.startswith("zhubao.")]:
            cursor.execute(
                f"SELECT format('INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, %L)', json_agg(row))"
                f" FROM {table} AS row HAVING count(*) > 0"
            )
            yield from (statement for (statement,) in cursor.fetchall())


@pytest.fixture
def post_of(county: "list[Post]") -> "Callable[[str], Post]":
    """Return a function from a role to the demonstration post that has it."""
    return lambda role: next(post for post in county if post.role == role)


@pytest.fixture
def signed_in(client: "Client", post_of: "Callable[[str], Post]") -> "Callable[[str], Client]":
    """Return a function from a role to a test client signed in at that post."""

    def sign_in(role: str) -> "Client":
        client.force_login(post_of(role).user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Return Debian's Chromium; skip the test where there is none.

    Rather the one without windows: the other draws tabs and tools nobody sees, and takes twice the processor for a page.
    """
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    program = next(filter(None, map(which, names)), None)
    if program is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium)")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)  # as long as everything else waits: the machine may be busy
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: "Browser", live_server: Any) -> "Iterator[Page]":
    """Return a browser page of 1280 pixels whose addresses begin at the live server; a script error fails the test."""
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda message: faults.append(message.text) if "Content Security Policy" in message.text else None)
    yield opened
    context.close()
    assert faults == []


@pytest.fixture
def page_at(page: "Page", post_of: "Callable[[str], Post]") -> "Callable[[str], Page]":
    """Return a function from a role to a browser page signed in at that post, standing on its home page."""

    def sign_in(role: str) -> "Page":
        page.goto("/sign-in/")
        page.locator("#id_username").fill(post_of(role).user.username)
        page.locator("#id_password").fill(PASSWORD)
        with page.expect_navigation():
            page.locator("main form button").click()
        return page

    return sign_in


@pytest.fixture(scope="session")
def axe() -> "Axe":
    """Return the accessibility checker; `accessible(page)` of `tests.looking` reads it."""
    from axe_playwright_python.sync_playwright import Axe

    return Axe()
