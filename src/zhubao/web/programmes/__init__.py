"""The loan programmes of a place: who takes part, from when applications are taken, and later texts of those above."""
