"""The public calculators."""
