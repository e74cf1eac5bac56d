"""The photo itself: look at one, change what its owner may change, delete it."""
