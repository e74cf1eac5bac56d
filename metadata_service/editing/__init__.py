"""Many photos changed at once, all of them or none."""
