"""Whole numbers that a county may set for its lists: the day they are due, the loss that must be explained."""

from datetime import date
from typing import NamedTuple

from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.parameters import ParameterBook
from zhubao.parameters.names import SETTING_PREFIX
from zhubao.parameters.questions import settings

DUE_DAY = "roster_due_day"
LOSS_PERCENT = "roster_loss_percent"
# No document names the day; where none was set the default answers this question.
QUESTION_OF = {DUE_DAY: "A-ALL-9"}


class Chosen(NamedTuple):
    """A number in force, and the open question it answers while nobody has decided ("" when somebody has)."""

    number: int
    question: str


def whole(name: str, on: date, area_code: str, book: ParameterBook, *, least: int = 1, most: int = 100) -> Chosen:
    """Return a setting in force in an area on a day; E-SETTING-VALUE for what is no whole number from `least` to `most`."""
    entry = book.find(SETTING_PREFIX + name, on, area_code)
    value = str(entry.value) if entry else settings()[name].value
    if not (value.isascii() and value.isdecimal() and len(value) <= 4 and least <= int(value) <= most):
        problem = Text(f"应为 {least} 到 {most} 的整数，不是“{value}”", f"a whole number from {least} to {most}, not {value!r}")
        raise ZhubaoError("E-SETTING-VALUE", problem, place=entry.place if entry and entry.place else name)
    return Chosen(int(value), "" if entry is not None and entry.decided_by else QUESTION_OF.get(name, ""))
