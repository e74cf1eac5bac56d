"""Keeps photo eggs per user and decides who sees what. It never decodes an image."""
