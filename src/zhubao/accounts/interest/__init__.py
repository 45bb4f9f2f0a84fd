"""Yearly interest of personal accounts: rate, trial run, approval, posting."""
