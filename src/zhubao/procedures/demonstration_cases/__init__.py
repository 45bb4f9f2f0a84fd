"""Casework of the demonstration: offices, applicants, and lives in every state of the three loan programmes."""
