"""Cases as staff of every post see them: the queue, the case, its steps, the counter."""
