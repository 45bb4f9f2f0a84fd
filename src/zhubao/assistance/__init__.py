"""Contributions on behalf: the yearly plan of a county, row by row, from the department's roster to the closed ledger."""
