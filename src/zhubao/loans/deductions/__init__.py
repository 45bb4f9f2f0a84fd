"""From the pension credited to the instalment taken, and what is in arrears."""
