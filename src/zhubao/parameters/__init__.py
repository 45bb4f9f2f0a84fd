"""Dated tables of figures with source and confidence, and their reader."""

from .book import NATION, Parameter, ParameterBook, area_chain, read_rows
from .bounds import Bound, check_bounds

__all__ = ["NATION", "Bound", "Parameter", "ParameterBook", "area_chain", "check_bounds", "read_rows"]
