"""What stands on a printed form, read from the typeset document itself, not from the data that went in."""

import json
from typing import NamedTuple

import typst

from zhubao.documents.typesetting import TEMPLATES, PrintedForm, compiler_inputs, print_fonts, typeset_pictures


class Printed(NamedTuple):
    """Labels and values in the order of the paper, boxes with their ticks, the digest of each footer."""

    labels: list[str]
    values: list[str]
    boxes: dict[str, bool]
    digests: list[str]


def read(form: PrintedForm) -> Printed:
    """Return everything the templates marked as label, value, box or digest."""
    found = json.loads(
        typst.query(
            TEMPLATES / form.template,
            "metadata",
            root=TEMPLATES,
            font_paths=print_fonts(),
            ignore_system_fonts=True,
            sys_inputs=compiler_inputs(form),
        )
    )
    by_label: dict[str, list[object]] = {}
    for one in found:
        by_label.setdefault(one["label"].strip("<>"), []).append(one["value"])
    return Printed(
        labels=[str(value) for value in by_label.get("named", [])],
        values=[str(value) for value in by_label.get("shown", []) if value != ""],
        boxes=dict(by_label.get("ticked", [])),  # type: ignore[call-overload]
        digests=[str(value) for value in by_label.get("digest", [])],
    )


def pages(form: PrintedForm) -> int:
    """Return the number of sheets that come out of the printer."""
    return len(typeset_pictures(form, 20))
