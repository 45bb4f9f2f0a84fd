"""The list of seriously dishonest persons: listed only by a decision, after notice and statement, until a removal day."""
