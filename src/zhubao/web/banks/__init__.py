"""The registry of banks for those who decide: cooperation, papers, choices, offers, and what is missing."""
