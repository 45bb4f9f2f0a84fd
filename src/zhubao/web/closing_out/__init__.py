"""The ledger that closes: who is not paid yet and whose turn it is, close-out with proof, coverage, monthly comparison, papers."""
