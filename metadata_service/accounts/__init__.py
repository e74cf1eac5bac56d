"""Who is asking: registration, login, and the viewer behind a request."""
