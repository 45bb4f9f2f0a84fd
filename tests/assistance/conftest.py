"""A county of 2022 for the tests of contributions on behalf."""

import pytest

from .pengshui import County, remembered_county


@pytest.fixture
def pengshui(db: None) -> County:
    """Return Pengshui with the plan of 2022 reckoned from the lists of January and published."""
    return remembered_county()
