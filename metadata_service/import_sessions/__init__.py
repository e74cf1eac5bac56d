"""Imports: what was asked for, what became of it, how far it has come."""
