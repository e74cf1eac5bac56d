"""Photos that belong together, under one cover."""
