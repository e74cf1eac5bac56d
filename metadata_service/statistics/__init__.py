"""A user's own numbers, and nobody else's."""
