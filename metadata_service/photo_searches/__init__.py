"""Searches with a name, to ask again."""
