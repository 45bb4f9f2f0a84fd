"""A second implementation of the JSON format for the tests: day after day with exact fractions, sharing no code with the product."""

from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from typing import Any

ONE_DAY = timedelta(days=1)


def half_up(value: Fraction) -> int:
    """Round to the nearest fen, an exact half upwards."""
    return floor(value + Fraction(1, 2))


def step(table: list[dict[str, Any]], on: date) -> int:
    """Return the value of a step table on a day."""
    return [row["value"] for row in table if date.fromisoformat(row["from"]) <= on][-1]


def deduction_dates(repayment: dict[str, Any]) -> set[date]:
    """Return the planned days of deduction."""
    first = date.fromisoformat(repayment["first"])
    days = {first}
    year, month = first.year, first.month
    for _ in range(repayment.get("max_months", 1200) - 1):
        month += 1
        if month == 13:
            year, month = year + 1, 1
        days.add(date(year, month, min(repayment.get("day", first.day), monthrange(year, month)[1])))
    return days


def live(data: dict[str, Any]) -> dict[str, Any]:
    """Return what `expected` should be, for ACT/360 and ACT/365."""
    year_days = {"ACT/360": 360, "ACT/365": 365}[data.get("day_count", "ACT/360")]
    paid_out = [(date.fromisoformat(row["date"]), row["fen"]) for row in data["disbursements"]]
    settlements = {date.fromisoformat(day) for day in data.get("settlements", [])}
    subsidised = [(date.fromisoformat(row["from"]), date.fromisoformat(row["to"])) for row in data.get("subsidy", [])]
    prepayments = [(date.fromisoformat(row["date"]), row["fen"]) for row in data.get("prepayments", [])]
    repayment = data.get("repayment")
    deductions = deduction_dates(repayment) if repayment else set()
    maturity = date.fromisoformat(data["maturity"]) if data.get("maturity") else None
    death = date.fromisoformat(data["death"]["date"]) if data.get("death") else None
    happenings = [on for on, _ in paid_out] + list(settlements) + [on for on, _ in prepayments] + list(deductions)
    last = death or maturity or max(happenings)

    principal = due = 0
    interest = borne = Fraction(0)
    period_start: date | None = None
    periods: list[dict[str, Any]] = []
    schedule: list[dict[str, Any]] = []
    settled: dict[str, int] | None = None
    closed: date | None = None

    def take(on: date, kind: str, amount: int) -> None:
        nonlocal principal, due, period_start, closed
        of_interest = min(amount, due)
        due -= of_interest
        principal -= amount - of_interest
        schedule.append(
            {
                "date": on.isoformat(),
                "kind": kind,
                "amount": amount,
                "interest": of_interest,
                "principal": amount - of_interest,
                "principal_after": principal,
                "interest_due_after": due,
            }
        )
        if principal + due == 0:
            period_start, closed = None, on

    today = min(on for on, _ in paid_out)
    while today <= last:
        ends = today in settlements or today in deductions or today in (maturity, death) or today in [on for on, _ in prepayments]
        if ends and period_start and period_start < today:
            total, government = half_up(interest), half_up(borne)
            periods.append(
                {
                    "from": period_start.isoformat(),
                    "to": today.isoformat(),
                    "interest": total,
                    "government": government,
                    "borrower": total - government,
                }
            )
            due += total - government
            interest = borne = Fraction(0)
            period_start = today
        if today in settlements and data.get("capitalise") and due:
            principal, due = principal + due, 0
        if today == death:
            debt = principal + due
            account = min(debt, data["death"]["account_fen"])
            government = debt - account if data["death"].get("government_covers") else 0
            settled = {
                "debt": debt,
                "from_account": account,
                "government": government,
                "unrecovered": debt - account - government,
            }
            break
        for on, fen in prepayments:
            if on == today:
                take(today, "prepay", principal + due if fen == "all" else fen)
        if today == maturity and period_start:
            take(today, "maturity", principal + due)
        if today in deductions and period_start and repayment:
            take(today, "deduct", min(cap(data, repayment["rule"], today), principal + due))
        for on, fen in paid_out:
            if on == today:
                principal += fen
                period_start = period_start or today
                closed = None
        if period_start:
            one_day = Fraction(principal * step(data["rates"], today), 1_000_000 * year_days)
            interest += one_day
            if any(start <= today < end for start, end in subsidised):
                borne += one_day
        today += ONE_DAY

    deducted = [row["amount"] for row in schedule if row["kind"] == "deduct"]
    result = {
        "periods": periods,
        "schedule": schedule,
        "total_interest": sum(row["interest"] for row in periods),
        "subsidy_total": sum(row["government"] for row in periods),
        "borrower_interest_total": sum(row["borrower"] for row in periods),
        "deduction_months": len(deducted),
        "last_instalment": deducted[-1] if deducted else None,
        "closed_on": closed.isoformat() if closed and not settled else None,
        "principal_outstanding": None if settled else principal,
        "interest_outstanding": None if settled else due,
    }
    return result | ({"death": settled} if settled else {})


def cap(data: dict[str, Any], rule: dict[str, Any], on: date) -> int:
    """Return the most that may be deducted on a day."""
    pension = step(data["pension"], on)
    most = {
        "remaining_at_least": lambda: pension - step(data["floor_fen"], on),
        "max_share": lambda: floor(Fraction(pension * rule["percent"], 100)),
        "exclude_basic": lambda: pension - step(data["basic_pension_fen"], on),
        "whole_pension": lambda: pension,
    }[rule["type"]]()
    return max(0, min(most, rule.get("agreed_fen", most)))
