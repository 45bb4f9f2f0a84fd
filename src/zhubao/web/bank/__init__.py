"""The bank officer's desk: a list of candidates in, for each whether the pension can carry the loan out."""
