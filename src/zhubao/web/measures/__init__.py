"""Measures of the documents: what each unit has to report, the figures, the fund, the bulletin of a quarter."""
