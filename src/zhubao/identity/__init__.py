"""Citizen numbers, area codes, masking: what identifies a person, without a database."""
