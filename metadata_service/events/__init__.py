"""What photos were taken at, as a tree."""
