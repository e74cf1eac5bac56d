"""Spaces: groups of people who show each other photos."""
