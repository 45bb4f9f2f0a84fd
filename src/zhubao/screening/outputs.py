"""Writing all files of a screening or none: under temporary names in the target's folder, synced, renamed together at the end."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zhubao.errors import ZhubaoError
from zhubao.language import Text

_FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


@contextmanager
def all_or_none(folder: Path, names: list[str]) -> Iterator[Path]:
    """Give a new folder inside `folder` in which `names` are to be written; on success they all appear in `folder`.

    On any failure every final name is as it was before. Raises E-DISK-FULL or E-OUTPUT when the disk refuses.
    """
    try:
        work = Path(tempfile.mkdtemp(prefix=".zhubao-", dir=folder))
    except OSError as error:
        raise _refused(folder, error) from error
    try:
        yield work
        for name in names:
            _sync(work / name)
        _rename_all(work, folder, names)
    except OSError as error:
        raise _refused(folder, error) from error
    except Exception as error:
        if "No space left" in str(error) or "File too large" in str(error):
            raise _refused(folder, OSError(errno.ENOSPC, str(error))) from error
        raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _refused(folder: Path, error: OSError) -> ZhubaoError:
    if error.errno in _FULL:
        return ZhubaoError(
            "E-DISK-FULL",
            Text("磁盘写满，没有写出任何结果", "the disk is full; nothing was written"),
            place=str(folder),
            remedy=Text("腾出空间后重做", "free some space and run it again"),
        )
    return ZhubaoError(
        "E-OUTPUT",
        Text("写不了结果，没有写出任何文件", f"the result cannot be written ({error.strerror or error}); nothing was written"),
        place=str(folder),
        remedy=Text("检查文件夹是否存在、是否可写", "check that the folder exists and can be written to"),
    )


def _sync(path: Path) -> None:
    """Have the content of a file or folder on the disk itself."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _rename_all(work: Path, folder: Path, names: list[str]) -> None:
    """Rename every file into place; when one cannot be, put back what stood there before."""
    before = work / "before"
    before.mkdir()
    placed: list[str] = []
    try:
        for name in names:
            final = folder / name
            if final.exists():
                # A second name for the old file, so that the final name is never without a file.
                os.link(final, before / name)
            placed.append(name)
            os.replace(work / name, final)
    except OSError:
        for name in placed:
            if (before / name).exists():
                os.replace(before / name, folder / name)
            elif not (work / name).exists():
                (folder / name).unlink(missing_ok=True)
        raise
    _sync(folder)
