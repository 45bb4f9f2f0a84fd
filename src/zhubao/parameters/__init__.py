"""Dated tables of figures with source and confidence, and their reader."""
