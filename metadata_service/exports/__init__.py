"""A whole library as a folder of plain files that anybody can read, and back from there into a library."""
