"""Statements of account: what a loan's postings of a period come to, kept as given out, and put beside what is known later."""
