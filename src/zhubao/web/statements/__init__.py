"""Statements of account: of one loan, of many loans, and the borrower's own."""
