"""Facts, clauses and verdicts; one tree compiled to Python for one person and printed as SQL for fifty million."""
