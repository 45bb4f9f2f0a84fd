"""Putting the clock of a demonstration forward, and what its months came to."""
