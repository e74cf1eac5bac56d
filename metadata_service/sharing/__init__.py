"""Share links: chosen photos shown to whoever has the link, without an account."""
