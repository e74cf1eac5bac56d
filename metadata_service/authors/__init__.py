"""Who took the pictures, as their owner keeps it."""
