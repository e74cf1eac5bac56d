"""What others than the owner are told of a photo: a policy for each level, and for single photos."""
