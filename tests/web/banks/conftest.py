"""Offices as the pages about banks meet them."""

from tests.web.cases.conftest import clock, jiangxi, tongling

__all__ = ["clock", "jiangxi", "tongling"]
