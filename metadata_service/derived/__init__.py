"""What follows from photos and is kept beside them, to be found fast: it can always be checked and made again."""
