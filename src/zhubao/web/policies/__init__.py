"""The documents clause by clause: what carries each out, which test shows it, and what rests on figures and open questions."""
