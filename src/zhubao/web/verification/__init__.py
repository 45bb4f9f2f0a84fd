"""The yearly verification of the subsidy: runs, what they found, the decision by another person."""
