"""A pension relation that moves: asked for, checked by a check-list, held by an open loan, due by a day, moved with its money."""
