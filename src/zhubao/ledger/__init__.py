"""The ledger: every movement of money in the books of each party, in whole fen, never changed."""
