"""Pages of the deductions from pensions: a month of a bank, the files, and what is in arrears."""
