"""Keys with which programs act for somebody, within the scopes they were given."""
