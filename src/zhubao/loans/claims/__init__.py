"""Claims of the interest subsidy: the bank's lines recomputed by us, verified, approved by finance, paid, and booked."""
