"""A county of the demonstration led through its months: the clock goes forward, and every post does what waits for it that day."""
