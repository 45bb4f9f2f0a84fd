"""Contribution subsidies by tier: the dated table, the lists of what is owed, the crediting."""
