"""`DATABASE_URL` as Django's settings; the embedded server's address when it is not set."""

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .embedded_database import DATABASE, OWNER, socket_folder

# How often a connection sees a statement before PostgreSQL keeps it prepared.
PREPARE_THRESHOLD = 2
EMBEDDED: dict[str, Any] = {"NAME": DATABASE, "USER": OWNER, "OPTIONS": {"prepare_threshold": PREPARE_THRESHOLD}}


def uses_embedded_server() -> bool:
    """Tell whether no server was named, so that the one from the wheel serves."""
    return not os.environ.get("DATABASE_URL")


def database_settings() -> dict[str, Any]:
    """Return Django's `DATABASES["default"]`; raise E-DATABASE-URL when the address names no PostgreSQL database."""
    address = os.environ.get("DATABASE_URL")
    parts = parse(address) if address else EMBEDDED | {"HOST": str(socket_folder())}
    return {
        "ENGINE": "django.db.backends.postgresql",
        # A request must not pay for a new connection, and a restarted server must not cost one.
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        **parts,
    }


def parse(address: str) -> dict[str, Any]:
    """Return the parts of ``postgresql://user:password@host:port/name?option=value`` under Django's names."""
    url = urlsplit(address)
    name = unquote(url.path.lstrip("/"))
    try:
        port = url.port
    except ValueError:
        port = -1
    if url.scheme not in {"postgres", "postgresql"} or not name or port == -1:
        raise ZhubaoError(
            "E-DATABASE-URL",
            Text("不是 PostgreSQL 数据库的地址", "not the address of a PostgreSQL database"),
            place="DATABASE_URL",
            remedy=Text("写成 postgresql://用户:口令@主机:端口/库名", "write postgresql://user:password@host:port/name"),
        )
    options: dict[str, Any] = dict(parse_qsl(url.query))
    # Said by whoever knows that no pooler stands between which hands every transaction to another connection.
    if "prepare_threshold" in options:
        options["prepare_threshold"] = int(options["prepare_threshold"])
    return {
        "NAME": name,
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": options.pop("host", unquote(url.hostname or "")),
        "PORT": str(port or ""),
        "OPTIONS": options,
    }
