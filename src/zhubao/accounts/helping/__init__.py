"""Helping people on the rosters, and flexible workers, who are in no pension scheme to enrol: a task each, with its outcome."""
