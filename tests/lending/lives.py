"""Lives as a banker reads them: Markdown files with the terms on top and one table line a period; read and written here."""

import json
import re
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "scenarios" / "lives"
HEADS = (
    "from",
    "to",
    "interest",
    "government",
    "borrower",
    "what",
    "paid",
    "of it interest",
    "of it principal",
    "principal left",
    "interest left",
)


def yuan(fen: int) -> str:
    """Return fen as yuan."""
    return f"{fen // 100:,}.{fen % 100:02d}"


def lines(result: dict[str, Any]) -> list[list[str]]:
    """Return the table of a result: a line for every period and payment; a payment stands beside the period it closed."""
    payments: dict[str, list[dict[str, Any]]] = {}
    for row in result["schedule"]:
        payments.setdefault(row["date"], []).append(row)
    table = []
    for period in result["periods"]:
        left = [period["from"], period["to"], *(yuan(period[key]) for key in ("interest", "government", "borrower"))]
        here = payments.pop(period["to"], [None])
        table += [(left if number == 0 else ["", period["to"], "", "", ""]) + right(row) for number, row in enumerate(here)]
    for on, rows in payments.items():
        table += [["", on, "", "", "", *right(row)] for row in rows]
    return sorted(table, key=lambda line: line[1])


def right(row: dict[str, Any] | None) -> list[str]:
    """Return the cells of a payment."""
    if row is None:
        return [""] * 6
    return [
        row["kind"],
        *(yuan(row[key]) for key in ("amount", "interest", "principal", "principal_after", "interest_due_after")),
    ]


def totals(result: dict[str, Any]) -> dict[str, Any]:
    """Return everything of a result but the two lists."""
    return {key: value for key, value in result.items() if key not in {"periods", "schedule"}}


def read(path: Path) -> tuple[dict[str, Any], list[list[str]], dict[str, Any]]:
    """Return inputs, table and totals of a Markdown life."""
    text = path.read_text(encoding="utf-8")
    blocks = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    rows = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in text.splitlines() if line.startswith("|")]
    return json.loads(blocks[0]), rows[2:], json.loads(blocks[1])
