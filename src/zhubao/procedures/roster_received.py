"""A roster file arrived: read it, keep what was found in it, or why it cannot be read."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from zhubao.access.actors import Actor
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.rosters.actions import note_reading, note_refusal
from zhubao.rosters.models import FileState, RosterFile
from zhubao.screening.results import file_entry
from zhubao.screening.rosters import ReadRosters, read_rosters

# On a page there is no option to give and no path to write: what to do instead.
_CHOOSE_KIND: Final = Text("在本页选择类别后重新读取", "choose the kind on this page and have it read again")
PAGE_REMEDIES: Final = {
    "E-KIND-NONE": _CHOOSE_KIND,
    "E-KIND-TWO": _CHOOSE_KIND,
    "E-REGION": Text(
        "核对文件；确实是本地名册的，勾选“接受外地号码的文件”后重新审核",
        "check the file; if it is right, tick “accept files of numbers issued elsewhere” and screen again",
    ),
}
SYSTEM = "roster_received"


def read_received(file_id: int, *, now: datetime) -> RosterFile:
    """Read a file that was handed in and keep the outcome; one already read, or refused, is left alone."""
    file = RosterFile.objects.get(pk=file_id)
    if file.state != FileState.RECEIVED:
        return file
    actor = Actor.system(SYSTEM, file.region_code)
    try:
        with under_own_name(file) as path:
            read, insured = _read(path, file, now)
    except ZhubaoError as error:
        return note_refusal(file_id, for_page(error), actor=actor, now=now)
    except Exception:
        note_refusal(file_id, unforeseen(file.name), actor=actor, now=now)
        raise
    sheets = [file_entry(sheet) for sheet in read.sheets]
    return note_reading(file_id, sheets, insured=insured, actor=actor, now=now)


def _read(path: Path, file: RosterFile, now: datetime) -> tuple[ReadRosters, bool]:
    """Read a file as what it is said to be; one that does not say its kind may turn out to hold insured persons."""
    today = now.date()
    if file.insured:
        return read_rosters([(path, None)], today=today, insured=True), True
    try:
        return read_rosters([(path, file.kind or None)], today=today), False
    except ZhubaoError as error:
        if error.code != "E-KIND-NONE":
            raise
        insured = read_rosters([(path, None)], today=today, insured=True)
        if not all("scheme" in sheet.mapping.values() for sheet in insured.sheets if sheet.rows):
            raise
        return insured, True


def unforeseen(place: str) -> ZhubaoError:
    """Return what a page says when the program itself failed; the log has the rest."""
    return ZhubaoError(
        "E-PROGRAM",
        Text("程序出错，未改动任何数据", "the program failed; nothing was changed"),
        place=place,
        remedy=Text("请把时间告诉系统管理员，日志里有详情", "tell the administrator when it happened: the log has the details"),
    )


def for_page(error: ZhubaoError) -> ZhubaoError:
    """Return the error with the remedy a page offers."""
    remedy = PAGE_REMEDIES.get(error.code, error.remedy)
    return ZhubaoError(error.code, error.problem, place=error.place, remedy=remedy)


@contextmanager
def under_own_name(file: RosterFile) -> Iterator[Path]:
    """Give the file under the name it was sent with: the name may tell its kind, and messages call it by it."""
    with tempfile.TemporaryDirectory(prefix="zhubao-") as folder:
        yield placed(file, Path(folder))


def placed(file: RosterFile, folder: Path) -> Path:
    """Return a link in `folder` to the bytes of `file`, named as it was sent."""
    link = folder / (Path(file.name.replace("\\", "/")).name or "roster")
    link.symlink_to(file.path)
    return link
