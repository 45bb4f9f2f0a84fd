"""Retirement month, required months, annuity divisor and pension estimate."""
