"""Contribution loans: terms, events, replay, forecast; integers only."""
