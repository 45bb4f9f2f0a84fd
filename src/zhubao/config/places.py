"""Where this installation keeps what it writes: the database, keys, collected static files, uploads."""

import hashlib
import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
SYSTEM_FOLDER = Path("/var/lib/zhubao")


def project_folder() -> Path:
    """Return the checkout this package runs from, or the working folder when it was installed as a wheel."""
    checkout = PACKAGE.parents[1]
    return checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()


def data_folder() -> Path:
    """Return the folder of this installation's data; it need not exist yet.

    `ZHUBAO_DATA_DIR` when set. Otherwise ``var`` in the project's folder, or, for root, a folder of this checkout under
    /var/lib/zhubao: PostgreSQL refuses to run as root, and its own user must not need a way through somebody's home.
    """
    named = os.environ.get("ZHUBAO_DATA_DIR")
    if named:
        return Path(named).expanduser().resolve()
    project = project_folder()
    if os.geteuid() != 0:
        return project / "var"
    mark = hashlib.sha256(str(project).encode()).hexdigest()[:8]
    return SYSTEM_FOLDER / f"{project.name[:24]}-{mark}"


def create_data_folder() -> Path:
    """Create the data folder when it is missing and return it; no folder that exists has its permissions changed."""
    folder = data_folder()
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    return folder
