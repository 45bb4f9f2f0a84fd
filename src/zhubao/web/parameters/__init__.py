"""The figures a county decides with, and the questions the documents leave to it."""
