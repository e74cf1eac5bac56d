"""Measurements: each module prints a table and says how to run it."""
