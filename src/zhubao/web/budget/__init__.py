"""Budgets of subsidy and backstop: asked for, read, compared, held against what was posted."""
