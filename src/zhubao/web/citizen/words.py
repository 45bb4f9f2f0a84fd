"""How these pages say dates, ages, months, codes of the records and offices."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhubao.access.models import Region
from zhubao.access.roles import AGENCY_ROLES, BANK_ROLES, Role
from zhubao.identity import full_area_name
from zhubao.web.calculator.words import language, span_said
from zhubao.workflow import CITIZEN

SCHEMES = {
    "employee_pension": gettext_lazy("employees' pension"),
    "resident_pension": gettext_lazy("residents' pension"),
    "institution_pension": gettext_lazy("pension of public institutions"),
    "none": gettext_lazy("not insured"),
}
PARTICIPATION = {
    "flexible": gettext_lazy("you pay for yourself"),
    "individual": gettext_lazy("you pay for yourself"),
    "employer": gettext_lazy("an employer pays for you"),
}
RETIREMENT = {
    "male60": gettext_lazy("man (formerly 60)"),
    "female55": gettext_lazy("woman, flexible employment (formerly 55)"),
    "female50": gettext_lazy("woman, worker (formerly 50)"),
    "resident60": gettext_lazy("residents' pension (60)"),
}
DEPARTMENTS = {
    "civil_affairs": gettext_lazy("the civil affairs bureau"),
    "poverty_office": gettext_lazy("the poverty relief office"),
    "rural_revitalisation": gettext_lazy("the rural affairs bureau"),
    "federation": gettext_lazy("the disabled persons' federation"),
    "hrss": gettext_lazy("the social security bureau"),
    "trade_union": gettext_lazy("the trade union federation"),
}
_WEEKDAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)
_MONTHS = "January February March April May June July August September October November December".split()


def day_said(day: date) -> str:
    """Return a day as people say it: 2026年10月19日, 19 October 2026."""
    if language() == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def deadline_said(day: date, on: date) -> str:
    """Return a last day in time with its day of the week, and the year only when it is another one."""
    same = day.year == on.year
    if language() == "zh":
        said = f"{day.month}月{day.day}日" if same else day_said(day)
        return f"{said}（{_WEEKDAYS[day.weekday()]}）"
    said = f"{day.day} {_MONTHS[day.month - 1]}" if same else day_said(day)
    return f"{_WEEKDAYS[day.weekday()]} {said}"


def age_said(born: date, on: date) -> str:
    """Return an age in full years with the day of birth."""
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return _("%(years)s years old, born on %(day)s") % {"years": years, "day": day_said(born)}


def region_said(code: str) -> str:
    """Return the name of an area as the tree of regions has it, else the official one; the code where neither knows it."""
    found = Region.objects.filter(code=code).first()
    return found.name if found and found.name != code else full_area_name(code) or code


def value_said(key: str, value: Any) -> str:
    """Return a value of a person's record as people say it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    for codes, known in (("scheme", SCHEMES), ("participation_type", PARTICIPATION), ("retirement_category", RETIREMENT)):
        if key == codes:
            return str(known.get(value, value))
    if key in ("paid_months", "deemed_months", "back_payable_months"):
        return span_said(value)
    if key in ("hukou", "residence", "insured_locality"):
        return region_said(value)
    if key == "sex":
        return _("woman") if value == "female" else _("man")
    return str(value)


def office_said(role: str) -> str:
    """Return who took a step, as the applicant knows them."""
    if role == CITIZEN:
        return _("you")
    if role in AGENCY_ROLES:
        return _("the agency")
    if role in BANK_ROLES:
        return _("the bank")
    known = {
        Role.COMMITTEE_MEMBER: _("the committee"),
        Role.TOWNSHIP_CLERK: _("the township"),
        Role.HRSS_SUPERVISOR: _("the social security bureau"),
    }
    return next((words for known_role, words in known.items() if known_role == role), _("the office"))
