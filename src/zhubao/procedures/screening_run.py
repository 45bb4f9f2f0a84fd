"""A screening was asked for: judge everybody on the chosen files and keep the results in the screening's folder."""

import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from zhubao.access.actors import Actor
from zhubao.access.private_files import private_folder
from zhubao.errors import ZhubaoError
from zhubao.programmes.selectors import parameter_book
from zhubao.rosters.actions import fail_screening, finish_screening, note_progress, start_screening
from zhubao.rosters.models import Screening
from zhubao.screening import Request, run

from .roster_received import for_page, placed, unforeseen

SYSTEM = "screening_run"
RESULT = "result.parquet"
ALSO = ("result.xlsx", "result.csv", "facts.parquet", "rows.parquet")


def run_screening(screening_id: int, *, clock: Callable[[], datetime]) -> Screening:
    """Run a screening and return it done or failed; one that is done stays as it is.

    A run that was cut off leaves no result behind: all files appear together at the end, so running it again starts anew and
    doubles nothing.
    """
    screening = start_screening(screening_id, now=clock())
    if screening is None:
        return Screening.objects.get(pk=screening_id)
    actor = Actor.system(SYSTEM, screening.region_code)
    folder = private_folder("screenings", str(screening_id))
    for leftover in folder.glob(".zhubao-*"):
        shutil.rmtree(leftover)
    try:
        with tempfile.TemporaryDirectory(prefix="zhubao-") as scratch:
            done = run(_request(screening, Path(scratch)), lambda *stage: note_progress(screening_id, *stage))
    except ZhubaoError as error:
        return fail_screening(screening_id, for_page(error), actor=actor, now=clock())
    except Exception:
        fail_screening(screening_id, unforeseen(str(screening)), actor=actor, now=clock())
        raise
    for output in done.outputs:
        output.chmod(0o600)
    return finish_screening(screening_id, done.summary, actor=actor, now=clock())


def _request(screening: Screening, scratch: Path) -> Request:
    """Return what the engine is asked: every file under its own name, the figures as they stood when somebody asked."""
    rosters: list[tuple[Path, str | None]] = []
    insured = None
    for number, file in enumerate(screening.files.order_by("pk")):
        folder = scratch / str(number)
        folder.mkdir()
        path = placed(file, folder)
        if file.insured:
            insured = path
        else:
            rosters.append((path, file.kind or None))
    return Request(
        rosters=tuple(rosters),
        policy=screening.policy_id,
        on=screening.on,
        out=screening.folder / RESULT,
        insured=insured,
        book=parameter_book(screening.figures_known_at),
        other_region=screening.other_region,
        also=ALSO,
    )
