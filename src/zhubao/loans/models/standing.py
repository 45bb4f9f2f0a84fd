"""The cache of the month-end: where each quiet loan stood after it was last closed."""

from django.db import models

from .loan import Loan

TRANCHES = 6


class LoanStanding(models.Model):
    """What a month-end needs of a loan to which nothing happened since `as_of`; a cache that can be thrown away and rebuilt.

    Written when a loan is closed, forgotten by the database itself as soon as anything it rests on changes (see the migrations), so a
    loan with a row is quiet and one without is closed by replay. `touched`: deductions or paid claims were entered, or something was
    posted, since. `principal_fen` and `interest_fen`: what the borrower owed after it, the interest of the open period as far as it is
    booked. Everything else is in `packed`: nobody asks the database for a part of it, and a million rows are read and written as one
    column (`loans.quiet.standings.PACKED` says what stands where).
    """

    loan = models.OneToOneField(Loan, models.CASCADE, primary_key=True, db_constraint=False, related_name="standing")
    as_of = models.DateField()
    touched = models.BooleanField(default=False)
    principal_fen = models.BigIntegerField()
    interest_fen = models.BigIntegerField()
    packed = models.BinaryField()

    class Meta:
        verbose_name = "standing of a loan"

    def __str__(self) -> str:
        return f"{self.loan_id} {self.as_of}"
