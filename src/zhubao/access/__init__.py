"""Who may see and do what: regions, organisations, posts, scopes, sessions and the audit chain."""
