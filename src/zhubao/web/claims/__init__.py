"""Interest subsidy claims: the bank hands in, the agency (in Rugao the HRSS bureau) verifies, finance approves by two people and pays."""
