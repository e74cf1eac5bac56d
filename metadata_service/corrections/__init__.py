"""Time, place and view, corrected without destroying: rows with a history, which can be undone."""
