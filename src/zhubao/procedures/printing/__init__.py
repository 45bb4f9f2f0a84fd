"""Papers of a case and of a loan, filled from what is on record. Every printing that shows a citizen number is noted.

A paper is what `documents` typesets; who may have it, and when it exists, is said here.
"""

from .catalogue import Paper, papers_of_case, papers_of_loan, print_case_paper, print_loan_paper

__all__ = ["Paper", "papers_of_case", "papers_of_loan", "print_case_paper", "print_loan_paper"]
