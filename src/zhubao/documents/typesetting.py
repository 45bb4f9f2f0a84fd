"""One way from a form's data to paper: Typst templates of this package, the font of the wheel, data as JSON, never as markup.

The same form gives the same bytes on every machine: system fonts are ignored and the document's date is the form's own.
"""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, ClassVar, Literal

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .wording import chinese_date

if TYPE_CHECKING:
    import typst

Printable = str | int | bool | None | Sequence["Printable"] | Mapping[str, "Printable"]
"""What a template may be given; money and dates come as text, so that no template computes."""

TEMPLATES = Path(__file__).with_name("templates")
ARCHIVE_STANDARD: Literal["a-2b"] = "a-2b"
"""PDF/A-2b: readable in decades, fonts inside."""

_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True, kw_only=True)
class PrintedForm(ABC):
    """One sheet to print. Subclasses add their fields in the order of the paper and say how they are written.

    `date` is the date of the document, printed and kept as the PDF's own date. `number` is the form's number ("" leaves room).
    `copies` names who keeps each copy, in order; every copy is printed with its own page count; none means one plain copy.
    """

    template: ClassVar[str]
    kind: ClassVar[str]
    version: ClassVar[str]

    date: date
    number: str = ""
    copies: tuple[str, ...] = ()

    @abstractmethod
    def content(self) -> Mapping[str, Printable]:
        """Return what the template prints, every value already worded."""


def data_digest(form: PrintedForm) -> str:
    """Return SHA-256 (hexadecimal) of the form's content, number and date; its first 16 characters stand in the footer."""
    return hashlib.sha256(_canonical({"content": form.content(), **_frame(form)}).encode()).hexdigest()


def typeset(form: PrintedForm) -> bytes:
    """Return the form as PDF/A, the same bytes for the same data.

    E-PRINT when the template refuses the data: a fault of the program, not of the user.
    """
    return _compile(form, "pdf")[0]


def typeset_pictures(form: PrintedForm, dots_per_inch: int = 96) -> list[bytes]:
    """Return one PNG a page, for a preview on the screen."""
    return _compile(form, "png", dots_per_inch)


def compiler_inputs(form: PrintedForm) -> dict[str, str]:
    """Return the inputs handed to the template: one JSON text under ``form``, with the frame, the content and the digest."""
    shown: dict[str, Printable] = {
        "content": form.content(),
        "digest": data_digest(form)[:16],
        **_frame(form),
        "copies": form.copies,
    }
    return {"form": _canonical(shown)}


def _frame(form: PrintedForm) -> dict[str, Printable]:
    return {"kind": form.kind, "version": form.version, "number": form.number, "date": chinese_date(form.date)}


def _canonical(value: Mapping[str, Printable]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _compile(form: PrintedForm, wanted: Literal["pdf", "png"], dots_per_inch: int | None = None) -> list[bytes]:
    import typst

    noon = datetime.combine(form.date, time(12), tzinfo=UTC)
    # The compiler keeps its font and its parsed templates, so it serves one caller at a time.
    with _ONE_AT_A_TIME:
        try:
            made = _compiler().compile(
                TEMPLATES / form.template,
                format=wanted,
                ppi=dots_per_inch,
                sys_inputs=compiler_inputs(form),
                pdf_standards=ARCHIVE_STANDARD if wanted == "pdf" else [],
                timestamp=noon,
            )
        except typst.TypstError as refusal:
            raise ZhubaoError(
                "E-PRINT",
                Text(f"{form.kind}排版失败：{refusal.message}", f"{form.kind} could not be typeset: {refusal.message}"),
                place=form.template,
                remedy=Text("请把这条信息交给维护人员", "hand this message to the maintainers"),
            ) from refusal
    pages = made if isinstance(made, list) else [made]
    return [page for page in pages if page is not None]


@cache
def _compiler() -> "typst.Compiler":
    import typst

    return typst.Compiler(root=TEMPLATES, font_paths=print_fonts())


@cache
def print_fonts() -> "typst.Fonts":
    """Return the only fonts paper is set in: those of the font wheel, never the machine's own."""
    import noto_cjk_sans_otc
    import typst

    folder = Path(str(noto_cjk_sans_otc.FONT_PATH)).parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
