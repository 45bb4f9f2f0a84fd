"""Reads everything and owns nothing but what it found: reconciliation, integrity, bulletins."""
