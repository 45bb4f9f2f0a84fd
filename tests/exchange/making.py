"""Rows and files that tests of the exchange share."""

from datetime import date
from pathlib import Path
from typing import Any

from zhubao.exchange.files import layout_of
from zhubao.exchange.files.draw_return import DrawReturn
from zhubao.exchange.files.layout import Head
from zhubao.exchange.files.writing import Form, write

TODAY = date(2026, 3, 12)
BANK, AGENCY = "如皋农商银行", "如皋市社会保险经办机构"


def drawn(number: int, amount_fen: int = 300_000, **more: Any) -> DrawReturn:
    """Return the `number`-th loan's draw of the year."""
    fields: dict[str, Any] = {
        "loan_number": f"RG{number:06d}",
        "year": 2026,
        "sequence": 1,
        "amount_fen": amount_fen,
        "drawn_on": date(2026, 3, 10),
        "result": "drawn",
        "reason": "",
        "bank_reference": f"LS{number:08d}",
    }
    return DrawReturn(**(fields | more))


def head(batch: str = "2026-001", sender: str = BANK, receiver: str = AGENCY) -> Head:
    """Return the head of a file from the bank to the agency."""
    return Head(batch, sender, receiver, "登记放款")


def return_file(rows: list[DrawReturn], form: Form = "csv", **named: str) -> bytes:
    """Return a file of draws made."""
    return write(layout_of("draw_return"), head(**named), rows, form)


def text_file(*lines: str) -> bytes:
    """Return a csv of the draws' layout: a good head for two lines of 3,000.00, then `lines` from the header on."""
    top = (
        "文件,放款回盘,版本,1",
        "批次号,2026-001,笔数,2,合计（元）,6000.00",
        f"发送单位,{BANK},接收单位,{AGENCY},用途,登记放款",
    )
    return "\r\n".join([*top, *lines]).encode("utf-8")


HEADER = "序号,贷款编号,年度,笔次,实际放款金额（元）,放款日期,放款结果,未放款原因,银行流水号"
FIRST = "1,RG000001,2026,1,3000.00,2026-03-10,已放款,,LS1"
SECOND = "2,RG000002,2026,1,3000.00,2026-03-10,已放款,,LS2"
END = "结束,2"


def put(folder: Path, content: bytes, name: str = "回盘.csv") -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(content)
    return path
