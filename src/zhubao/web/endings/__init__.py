"""The end of a loan: early payment, death, transfer of the pension relation, change of the card account."""
