"""The budget of live loans: what the next years' draws, interest subsidy, backstop and contribution subsidies come to."""
