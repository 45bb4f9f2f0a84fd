"""Department rosters: the files as they came, and the screenings made of them."""
