"""The cache of the month-end: where each quiet loan stood after it was last closed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from .loan import Loan

TRANCHES = 6


class LoanStanding(models.Model):
    """What a month-end needs of a loan to which nothing happened since `as_of`; a cache that can be thrown away and rebuilt.

    Written when a loan is closed, forgotten by the database itself as soon as anything it rests on changes (see the migration), so a
    loan with a row is quiet and one without is closed by replay. `touched`: deductions or paid claims were entered, or something was
    posted, since. `events`: how many events the row counts in.

    Money in fen; days without meaning are 0001-01-01, days that never come 9999-12-31. `remaining` and `rates`: what is left of each
    tranche, the oldest first, and its ppm. `raw_interest`, `raw_government`: fen × ppm × days of the open period up to the end of
    `as_of`, already in the books. `settlement`: 10 000 × (1 monthly, 2 quarterly, 3 yearly) + 100 × month + day, 0 for none.

    Of the pension: `cap_fen` is the most one deduction may take (−1 unknown); `ordered_cap_fen` the most an order may, with the numbers
    that bound it; `floor_area` whose floor that is (0 none). `open_month`, `open_fen`: an order without an answer. `wakes_on`: the day
    from which the loan is closed by replay again; `rates_mark` the published rates that day was found with.
    """

    loan = models.OneToOneField(Loan, models.CASCADE, primary_key=True, db_constraint=False, related_name="standing")
    as_of = models.DateField()
    touched = models.BooleanField(default=False)
    events = models.IntegerField()
    repaying = models.BooleanField()
    wakes_on = models.DateField()
    rates_mark = models.BigIntegerField()
    year_days = models.IntegerField()
    settlement = models.IntegerField()
    subsidised = models.BooleanField()
    open_since = models.DateField()
    interest_due = models.BigIntegerField()
    raw_interest = models.BigIntegerField()
    raw_government = models.BigIntegerField()
    rule = models.IntegerField()
    max_months = models.IntegerField()
    months_deducted = models.IntegerField()
    cap_fen = models.BigIntegerField()
    ordered_cap_fen = models.BigIntegerField()
    pension_fen = models.BigIntegerField()
    protected_fen = models.BigIntegerField()
    agreed_fen = models.BigIntegerField()
    floor_fen = models.BigIntegerField()
    floor_area = models.BigIntegerField()
    open_month = models.DateField()
    open_fen = models.BigIntegerField()
    remaining = ArrayField(models.BigIntegerField(), size=TRANCHES)
    rates = ArrayField(models.BigIntegerField(), size=TRANCHES)

    class Meta:
        verbose_name = "standing of a loan"

    def __str__(self) -> str:
        return f"{self.loan_id} {self.as_of}"
