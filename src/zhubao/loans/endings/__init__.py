"""How a loan ends: early payment, death, transfer of the pension relation; and a change of the card account it is bound to."""
