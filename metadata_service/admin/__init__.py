"""What administrators may do with accounts. They see no photos by it."""
