"""Things to do: who has to do what about which subject, by which day, and how that day was counted."""
