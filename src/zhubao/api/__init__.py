"""Doors for other offices' systems. What comes in here is written as the file it stands for and goes the way of files."""
