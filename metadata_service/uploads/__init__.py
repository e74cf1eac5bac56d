"""The ways in for originals, and the gallery of what came of them."""
