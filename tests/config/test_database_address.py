"""`DATABASE_URL` as operators write it."""

import pytest

from zhubao.config.database_address import parse
from zhubao.errors import ZhubaoError


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("postgresql://clerk:p%40ss@db.county:5433/zhubao", ("zhubao", "clerk", "p@ss", "db.county", "5433", {})),
        ("postgres://db/zhubao?sslmode=require", ("zhubao", "", "", "db", "", {"sslmode": "require"})),
        ("postgresql://db/zhubao?prepare_threshold=3", ("zhubao", "", "", "db", "", {"prepare_threshold": 3})),
        ("postgresql:///zhubao?host=/run/postgresql", ("zhubao", "", "", "/run/postgresql", "", {})),
    ],
    ids=["口令含特殊字符", "加密连接", "预编译语句", "本机套接字"],
)
def test_parts(address: str, parts: tuple[object, ...]) -> None:
    assert tuple(parse(address)[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")) == parts


@pytest.mark.parametrize("address", ["mysql://db/zhubao", "postgresql://db", "zhubao", "postgresql://db:many/zhubao"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ZhubaoError, match="E-DATABASE-URL: DATABASE_URL:"):
        parse(address)
