"""The reference page of the layouts, written from the layouts: ``python -m zhubao.exchange.files.page > docs/reference/exchange-files.md``."""

from zhubao.access.roles import OrganisationKind

from . import LAYOUTS
from .layout import Column, Layout

_TOP = """# Files between offices

Written from the layouts in `zhubao.exchange.files`. Every file is the first sheet of a workbook, or csv in UTF-8 or GB18030, in one frame:

```
文件,放款回盘,版本,1
批次号,2026-001,笔数,2,合计（元）,6000.00
发送单位,…,接收单位,…,用途,…
序号,贷款编号,…
1,…
2,…
结束,2
```

- `批次号`: 1 to 40 letters, digits or `- . _`, once per sender, receiver and kind. Corrected content takes a new
  number; a file refused whole frees its own.
- `笔数`, `合计（元）` and the count beside `结束` must agree with the lines. One fault refuses the whole file, each named with its cell.
- Columns may stand in any order; optional ones may be left out. Numbers of 18 digits are text cells.
- `<file>.sha256` beside it, in the form of `sha256sum`, is checked when it comes.
- Systems send the same as messages, field by field: see [connect a system](../how-to/connect-a-system.md).
- The same bytes again change nothing. The answer (处理回执) has a line for each line: `OK`, or a code that begins with `E-` and its words.
"""
_CELLS = {
    "text": "text",
    "name": "text",
    "id_number": "citizen number",
    "yuan": "yuan",
    "count": "whole number",
    "year": "year",
    "month": "2026-03",
    "day": "2026-03-10",
    "percent": "4.35%, with its sign",
}


def reference_page() -> str:
    """Return the page in Markdown."""
    return "\n".join([_TOP, *(_section(layout) for layout in LAYOUTS.values())])


def _section(layout: Layout) -> str:
    lines = [
        f"## {layout.title.zh} (`{layout.kind}`)",
        "",
        f"From {_offices(layout.senders)} to {_offices(layout.receivers)}. Purpose: {layout.purpose.en}. "
        f"No two lines share {', '.join(_title(layout, name) for name in layout.key)}; the total is of {_title(layout, layout.amount)}.",
        "",
        "| column | cell | needed | field of a message |",
        "|---|---|---|---|",
        *(f"| {each.title} | {_cell(each)} | {'yes' if each.required else ''} | {_field(each)} |" for each in layout.columns),
        "",
    ]
    return "\n".join(lines)


def _offices(kinds: frozenset[OrganisationKind]) -> str:
    return "any office" if kinds == frozenset(OrganisationKind) else ", ".join(sorted(kinds))


def _title(layout: Layout, name: str) -> str:
    return next(column.title for column in layout.columns if column.field == name)


def _cell(column: Column) -> str:
    return " / ".join(column.words) if column.kind == "word" else _CELLS[column.kind]


def _field(column: Column) -> str:
    return f"`{column.field}`" + (f": {' / '.join(column.words.values())}" if column.kind == "word" else "")


if __name__ == "__main__":
    import sys

    sys.stdout.write(reference_page())
