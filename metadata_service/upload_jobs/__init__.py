"""The work on uploads: taken by one worker at a time, given on when a worker dies, told to who waits for it."""
