"""Photos along the wall clock: years, months, days and hours, and the segments that a page scrolls through."""
