"""The yearly verification of the subsidy against the departments' rosters: looked up, weighed, decided, told."""
