"""Measures the documents ask offices to organise: tracked with units, reports, evidence, figures and a bulletin a quarter."""
