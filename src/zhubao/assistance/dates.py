"""The days of a plan year: self-pay, tax's data, verification, claim, late entrants. Each is a dated setting with its default."""

import re
from datetime import date

from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.parameters import ParameterBook
from zhubao.parameters.names import SETTING_PREFIX
from zhubao.parameters.questions import settings
from zhubao.policies.claims import implements
from zhubao.tasks.deadlines import Deadline

SELF_PAY = "assistance_self_pay_until"
ACTUAL_DATA = "assistance_actual_data_until"
VERIFIED = "assistance_verified_until"
CLAIM = "assistance_claim_until"
LATE = "assistance_late_until"
# Days no document names, and the open question each of them answers; the others stand in the text.
QUESTION_OF = {ACTUAL_DATA: "A-PS-7", VERIFIED: "A-ALL-9", CLAIM: "A-ALL-9"}
MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")


@implements("ps-2.2e", "ps-2.2l", as_="feature")
def plan_day(setting: str, year: int, area_code: str, book: ParameterBook) -> Deadline:
    """Return the last day in time that a setting names for a plan year, the day itself included.

    The entry is the one in force in the area on 1 January of the year. Raise E-SETTING-VALUE for what is no month and day.
    """
    entry = book.find(SETTING_PREFIX + setting, date(year, 1, 1), area_code)
    value = str(entry.value) if entry else settings()[setting].value
    try:
        if not MONTH_DAY.fullmatch(value):
            raise ValueError(value)
        due = date.fromisoformat(f"{year}-{value}")
    except ValueError as error:
        problem = Text(f"应为月-日，如 08-31，不是“{value}”", f"a month and a day such as 08-31, not {value!r}")
        raise ZhubaoError("E-SETTING-VALUE", problem, place=entry.place if entry and entry.place else setting) from error
    decided = entry is not None and bool(entry.decided_by)
    kept = {"due": due.isoformat(), "count": 0, "kind": "calendar", "days": [], "setting": setting}
    kept["source"] = entry.source if entry else None
    return Deadline(due, kept, "" if decided else QUESTION_OF.get(setting, ""))


def now_due(setting: str, year: int, today: date, area_code: str, book: ParameterBook) -> Deadline:
    """Return the day of a setting, or that of the late ones once it has passed: what came too late belongs to the next list."""
    first = plan_day(setting, year, area_code, book)
    return first if first.due_on is not None and today <= first.due_on else plan_day(LATE, year, area_code, book)
