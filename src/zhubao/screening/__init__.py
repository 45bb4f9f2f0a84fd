"""Screening: several department rosters read, checked, matched with the insured persons, decided and written back."""

from .pipeline import Request, Screening, run

__all__ = ["Request", "Screening", "run"]
