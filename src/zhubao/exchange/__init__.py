"""Files that agency, bank, tax and finance pass to each other: batches with count, total and hash, applied line by line."""
