"""Personal pension accounts: entries by source and lot, yearly interest, contribution subsidies."""
