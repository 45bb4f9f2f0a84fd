"""Pages of the system administrator: organisations, people who sign in, their posts."""
