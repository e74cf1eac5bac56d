"""Photos that look alike: found one by one and library-wide, united without losing anything, and taken apart again."""
