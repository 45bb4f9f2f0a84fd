"""Sponsors: who pays contributions for whom, within which ceiling, their ledger and receipts."""
