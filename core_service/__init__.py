"""Turns one image into one PhotoEgg; stores nothing and knows no user."""
