"""The ground that the tables stand on: engines, sessions, column types."""
