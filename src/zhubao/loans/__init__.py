"""Contribution loans from the signed agreement on: yearly draws, contributions paid in, their books."""
