"""Pages that show what was done: the audit log and its chain."""
