"""A soak: processes and database killed at random points of the work, again and again, and the same books every time."""
