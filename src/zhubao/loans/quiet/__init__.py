"""Closing at once the many loans to which nothing happened: the same books as a replay leaves, as columns of whole numbers."""
