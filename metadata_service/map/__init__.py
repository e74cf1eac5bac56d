"""The map: how many photos lie where, with a picture of each place."""
