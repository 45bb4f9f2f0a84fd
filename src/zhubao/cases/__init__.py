"""Applications for contribution loans and their reviews, up to the signed agreement; the loan's own life begins in `loans`."""
