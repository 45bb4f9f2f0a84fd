"""What a decision is made on: the facts of a person with their sources, and the snapshot kept of them."""
