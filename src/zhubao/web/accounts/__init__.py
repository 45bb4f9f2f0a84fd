"""Pages of personal accounts: the account and its entries, the year's interest, contribution subsidies, "my account"."""
