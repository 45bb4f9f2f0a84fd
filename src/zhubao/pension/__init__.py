"""Retirement month, required months, annuity divisor and pension estimate."""

from .ages import CATEGORIES, Category, Retirement, day_of_age, pension_month, required_months, retirement
from .case import read_case
from .divisors import divisor_tenths
from .estimate import EmployeeCase, Estimate, ResidentCase, estimate_employee, estimate_resident
from .months import day_in_month, first_day, month_number, month_text, number_of

__all__ = [
    "CATEGORIES",
    "Category",
    "EmployeeCase",
    "Estimate",
    "ResidentCase",
    "Retirement",
    "day_in_month",
    "day_of_age",
    "divisor_tenths",
    "estimate_employee",
    "estimate_resident",
    "first_day",
    "month_number",
    "month_text",
    "number_of",
    "pension_month",
    "read_case",
    "required_months",
    "retirement",
]
