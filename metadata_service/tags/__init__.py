"""What owners call their photos."""
