"""Photos in lists, newest first."""
