"""Settings, embedded database, translations."""
