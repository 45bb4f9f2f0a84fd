"""Offices and a released draw as the pages about files meet them."""

from tests.web.loans.conftest import clock, jiangxi, rugao, signed, tongling, uploads_apart

__all__ = ["clock", "jiangxi", "rugao", "signed", "tongling", "uploads_apart"]
