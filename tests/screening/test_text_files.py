"""Text files read the quick way and the careful way give the same cells in the same rows."""

from pathlib import Path

import pytest

from zhubao.screening import sources
from zhubao.screening.sources import open_sheets


@pytest.mark.parametrize(
    "content",
    [
        "姓名,身份证号\r\n张三,1\r\n李四,2\r\n",
        "姓名,身份证号\n张三,1\n\n李四,2",
        "姓名,身份证号,\n张三,,\n,,\n",
        "姓名\t身份证号\n张三\t 1 \nNA\tnull\n",
        "标题\n姓名,身份证号\n张三,1\n",
        "姓名;身份证号\n张三;3.6E+17\n",
        "姓名,身份证号\r张三,1\r",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-8-sig"])
def test_both_ways_agree(tmp_path: Path, content: str, encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "低保.csv"
    path.write_bytes(content.encode(encoding))
    quick = open_sheets(path)[0]
    monkeypatch.setattr(sources, "_even_table", lambda *_: None)
    careful = open_sheets(path)[0]
    height = careful.cells.num_rows
    assert height > 1
    assert [[cell or "" for cell in row] for row in quick.rows(0, height)] == [
        [cell or "" for cell in row] for row in careful.rows(0, height)
    ]
    assert quick.cells.num_rows == height
