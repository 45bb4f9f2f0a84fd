"""The bank officer's sheet."""
