"""The way in: an egg becomes a photo of its owner, once."""
