"""Loans as staff of every post see them: the list, the loan, its steps, the yearly round, the bank's roster, the reconciliation."""
