"""Signing in, staying in, signing out."""
