"""Files between offices as every post sees them: what came in and went out, and what became of each line."""
