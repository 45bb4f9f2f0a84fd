"""Running an installation: everything at once, its parts, its demonstration, and checking it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import click

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .output import output_options, print_json


@contextmanager
def installation(*, migrated: bool = True) -> Iterator[None]:
    """Have the database answering and Django ready inside the block; with `migrated`, the tables as this version wants them.

    Raise E-DATABASE when no database answers, E-DATABASE-URL when its address is no address.
    """
    import os

    from zhubao.config import embedded_database
    from zhubao.config.database_address import uses_embedded_server
    from zhubao.config.secret import create_secret_key

    create_secret_key()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhubao.config.settings")
    from contextlib import nullcontext

    server: AbstractContextManager[object] = embedded_database.running() if uses_embedded_server() else nullcontext()
    with server:
        import django

        django.setup()
        require_database()
        if migrated:
            migrate()
        yield


def require_database() -> None:
    """Raise E-DATABASE unless the database answers and is PostgreSQL 15 or newer."""
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = " ".join(str(error).split())
        raise ZhubaoError(
            "E-DATABASE",
            Text(f"数据库没有应答：{reason}", f"the database does not answer: {reason}"),
            place=str(connection.settings_dict["HOST"]),
            remedy=Text("检查 DATABASE_URL 和数据库服务", "check DATABASE_URL and the server"),
        ) from error
    number = connection.connection.info.server_version
    if number < 150000:
        raise ZhubaoError(
            "E-DATABASE-VERSION",
            Text(f"PostgreSQL {number // 10000} 太旧", f"PostgreSQL {number // 10000} is too old"),
            remedy=Text("需要 15 或更新", "15 or newer is needed"),
        )


def migrate() -> None:
    """Bring the tables up to date; several processes may ask at once, one does it."""
    from django.core.management import call_command
    from django.db import connection

    from zhubao.config.migrating import is_migrated, quickly

    with connection.cursor() as cursor, quickly():
        cursor.execute("SELECT pg_advisory_lock(hashtextextended('zhubao migrate', 0))")
        try:
            if not is_migrated():
                call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended('zhubao migrate', 0))")


def collect_static() -> None:
    """Gather styles and scripts where the server serves them from."""
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Or the next free one.")
@click.option("--empty", is_flag=True, help="No demonstration in an empty database.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
def run(port: int, empty: bool, lang: str) -> int:
    """Set everything up and run it: database, tables, demonstration, web server and worker, until Ctrl-C."""
    from .supervision import run_everything

    with installation():
        collect_static()
        return run_everything(port, demonstration=not empty, say=lambda text: click.echo(text.zh if lang == "zh" else text.en))


@click.command()
@output_options
@click.option("--people", type=click.IntRange(min=1), default=3000, show_default=True)
@click.option("--seed", type=int, default=7, show_default=True)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Write the files here and leave the database alone."
)
@click.option("--months", type=click.IntRange(0, 48), default=0, show_default=True, help="Then live so many months.")
def demo(people: int, seed: int, out: Path | None, months: int, as_json: bool, lang: str) -> int:
    """Make a synthetic county: in the database, or only its files with --out; with --months, lead it on month by month."""
    if out:
        from zhubao.demonstration.county import write_county

        written = write_county(out, people, seed)
        made = {"people": written.people, "rosters": written.rosters, "cases": 0, "loans": 0, "seed": seed}
    else:
        with installation():
            made = {**fill_demonstration(people, seed), "seed": seed}
            if months:
                made["months"] = live_demonstration(months, quiet=as_json)
    if as_json:
        print_json(made)
    else:
        click.echo("  ".join(f"{name} {count}" for name, count in made.items()))
    return 0


def fill_demonstration(people: int, seed: int) -> dict[str, int]:
    """Fill the database with the demonstration; return how many people, rosters, cases and loans it has. Raise E-REAL-DATA."""
    from dataclasses import asdict

    from django.utils import timezone

    from zhubao.config.places import create_data_folder
    from zhubao.procedures import demonstration

    from .supervision import PROCESSES, demonstration_password

    demonstration.refuse_real_data()
    folder = create_data_folder() / "demonstration"
    filled = demonstration.fill_everything(
        folder, people=people, seed=seed, password=demonstration_password(), jobs=PROCESSES, now=timezone.now()
    )
    return asdict(filled)


def live_demonstration(months: int, *, quiet: bool) -> int:
    """Lead the demonstration through so many months, telling of each on stderr unless `quiet`, and return how many were lived."""
    from zhubao.access import clock
    from zhubao.access.actors import Actor
    from zhubao.oversight.months.models import DemonstrationJourney
    from zhubao.procedures.demonstration_months.journey import ask_journey, run_journey

    def told(journey: DemonstrationJourney) -> None:
        if not quiet:
            click.echo(f"{journey.done}/{journey.months}  {clock.today()}", err=True)

    journey = ask_journey(months, actor=Actor.system("demonstration"), now=clock.now())
    return run_journey(journey.pk, clock=clock.now, told=told).done


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes.")
def serve(host: str, port: int, workers: int) -> int:
    """Run the web server alone."""
    from .supervision import refuse_taken, serve_here

    refuse_taken(host, port)
    with installation():
        collect_static()
        return serve_here(host, port, workers)


@click.command()
@click.option("--queues", default="", help="Names separated by commas; all of them by default.")
@click.option("--concurrency", type=click.IntRange(1, 32), default=2, show_default=True)
def worker(queues: str, concurrency: int) -> int:
    """Run a worker for background jobs; any number may run, on any machines."""
    with installation():
        from procrastinate.contrib.django import app

        connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
        with app.replace_connector(connector) as working:
            working.run_worker(queues=queues.split(",") if queues else None, concurrency=concurrency)
    return 0


@click.command()
@output_options
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path, as_json: bool, lang: str) -> int:
    """Write the whole database to FILE."""
    from .backup import write_backup

    with installation(migrated=False):
        done = write_backup(file)
    if as_json:
        print_json(done)
    else:
        click.echo(f"{done['file']}  {done['bytes']:,} bytes  sha256 {done['sha256']}")
    return 0


@click.command()
@output_options
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Throw away what the database holds now.")
def restore(file: Path, force: bool, as_json: bool, lang: str) -> int:
    """Fill an empty database from FILE."""
    from .backup import read_backup

    with installation(migrated=False):
        done = read_backup(file, force=force)
    if as_json:
        print_json(done)
    else:
        click.echo(f"{done['file']}  {done['bytes']:,} bytes  sha256 {done['sha256']}")
    return 0


@click.command()
@output_options
@click.option("--region", default="", help="Region code; the whole installation by default.")
def verify(region: str, as_json: bool, lang: str) -> int:
    """Check that what is stored agrees with itself; exit 1 when anything differs."""
    with installation():
        from zhubao.procedures.verification import checks

        results = list(checks(region))
    if as_json:
        print_json({"checks": results})
    else:
        for result in results:
            click.echo(f"{result['name']}: {result['checked']}, {len(result['differences'])} ≠")
            for difference in result["differences"]:
                click.echo(f"  {difference}")
    return 1 if any(result["differences"] for result in results) else 0
