"""Pages. One folder per actor; what all of them share stands here."""
