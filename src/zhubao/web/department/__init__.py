"""Department lists: each department hands in and certifies its own, the agency matches them and everybody clears up what differs."""
