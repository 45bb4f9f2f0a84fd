"""Resident pensions: who is of age, who has none, what is paid."""
