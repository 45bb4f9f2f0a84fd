"""Offices as the pages about programmes meet them."""

from tests.web.cases.conftest import clock, jiangxi, tongling

__all__ = ["clock", "jiangxi", "tongling"]
