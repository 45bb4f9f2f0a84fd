"""What a resident pension comes to: from which month, by which standard of the place, from which balance."""

from dataclasses import dataclass
from datetime import date

from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.parameters import Parameter, ParameterBook
from zhubao.parameters.book import area_chain
from zhubao.pension import ResidentCase, estimate_resident, first_day, month_number, month_text, pension_month
from zhubao.pension.ages import cohort_of
from zhubao.pension.months import day_in_month, number_of
from zhubao.people.models import InsuredRecord, Person, Scheme

from ..selectors import account_of
from ..selectors import balance_of as lots_of
from .models import Benefit, Ground

STANDARD = "basic_pension_fen"
RESIDENT = "resident60"
PENSION_FROM = "setting.pension_from"


@dataclass(frozen=True)
class Reckoned:
    """What a pension comes to: fen a month, the first month, the balance and the standard it rests on."""

    starts_on: date
    account_fen: int
    basic_fen: int
    account_part_fen: int
    divisor: int | float
    standard: Parameter

    @property
    def total_fen(self) -> int:
        """Both parts."""
        return self.basic_fen + self.account_part_fen


def age_in_months(on: date) -> int:
    """Return the age in months at which the resident pension begins, by the table in force on a day."""
    return cohort_of(RESIDENT, on).original_age


def of_age_on(born: date, on: date) -> date:
    """Return the day somebody reaches the age: the birthday, or the last day of a shorter month."""
    return day_in_month(number_of(born) + age_in_months(on), born.day)


def born_until(month: date) -> date:
    """Return the last birthday of those who are of age by the end of a month (its first day)."""
    number = number_of(month) - age_in_months(month)
    return day_in_month(number, 31)


def first_month(benefit: Benefit, applied_on: date, book: ParameterBook) -> date:
    """Return the first day of the first month paid.

    Whoever was insured is paid from the month after coming of age, also when applying later; a senior who never paid from the month
    after the application (A-GZ-4). `setting.pension_from` may say the same month instead.
    """
    begun = benefit.of_age_on if benefit.ground == Ground.AGE else applied_on
    entry = book.find(PENSION_FROM, begun, benefit.region_code[:6])
    rule = str(entry.value) if entry is not None else "next_month"
    return first_day(month_number(pension_month(month_text(number_of(begun)), rule)))


def standard_on(region_code: str, month: date, book: ParameterBook) -> Parameter:
    """Return the basic pension of a place on the first day of a month; E-STANDARD where nobody has entered one."""
    entry = book.find(STANDARD, month, region_code[:6])
    if entry is None:
        raise ZhubaoError(
            "E-STANDARD",
            Text(
                f"{region_code[:6]} 没有 {month:%Y-%m} 的基础养老金标准",
                f"no basic pension of {month:%Y-%m} is known for {region_code[:6]}",
            ),
            place=f"{STANDARD} {region_code[:6]}",
            remedy=Text("在“数值与口径”录入当地标准和文号", "enter the local standard with its document"),
        )
    return entry


def standards_until(region_code: str, month: date, book: ParameterBook) -> list[tuple[date, Parameter]]:
    """Return each standard of a place up to a month with the first month it is paid for, the oldest first.

    A standard that begins inside a month is paid for that month.
    """
    days = {
        entry.effective_from
        for area in area_chain(region_code[:6])
        for entry in book.segments(STANDARD, area)
        if entry.effective_from <= day_in_month(number_of(month), 31)
    }
    found: dict[date, Parameter] = {}
    for day in sorted(days):
        entry = book.find(STANDARD, day, region_code[:6])
        if entry is not None:
            found[day.replace(day=1)] = entry
    return sorted(found.items())


def balance_of(person: Person, on: date) -> int | None:
    """Return what stands on the resident account, fen: of its entries, else of the newest insured record; None where nobody knows."""
    account = account_of(person)
    if account is not None:
        return lots_of(account, on).fen
    record = InsuredRecord.objects.filter(person=person, scheme=Scheme.RESIDENT, superseded_at=None).first()
    return record.account_fen if record is not None else None


def reckon(benefit: Benefit, applied_on: date, account_fen: int | None, book: ParameterBook) -> Reckoned:
    """Return what a pension comes to from its first month on; E-ACCOUNT-UNKNOWN without a balance, E-STANDARD without a standard."""
    if account_fen is None and benefit.ground == Ground.AGE:
        raise ZhubaoError(
            "E-ACCOUNT-UNKNOWN",
            Text("个人账户储存额不清楚", "the balance of the personal account is not known"),
            place=benefit.subject,
            remedy=Text("先导入参保数据或登记账户", "bring in the insured record or the account first"),
        )
    starts_on = first_month(benefit, applied_on, book)
    standard = standard_on(benefit.region_code, starts_on, book)
    balance = account_fen or 0
    case = ResidentCase(balance, standard.number(), f"{starts_on:%Y-%m}", None, benefit.region_code[:6])
    found = estimate_resident(case, book, starts_on)
    assert found.basic_fen is not None
    assert found.account_fen is not None
    return Reckoned(starts_on, balance, found.basic_fen, found.account_fen, found.divisor, standard)


def other_pensions(person: Person) -> list[InsuredRecord]:
    """Return the present records that say the person draws a pension."""
    return list(InsuredRecord.objects.filter(person=person, superseded_at=None, receiving_pension=True).order_by("pk"))


def seen_anywhere(person: Person) -> bool | None:
    """Return whether a pension is drawn by the records: None where a record does not say, or there is none."""
    said = list(InsuredRecord.objects.filter(person=person, superseded_at=None).values_list("receiving_pension", flat=True))
    if any(said):
        return True
    return None if not said or None in said else False
