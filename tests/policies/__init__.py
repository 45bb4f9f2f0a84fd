"""The policies: each document by a table of people, the shape of answers, bad input, one answer from every engine."""

import pytest

pytest.register_assert_rewrite("tests.policies.tables")
