"""Looks for things in pictures: with a model that somebody chose for a place, or not at all."""
