"""Pages of collection and claim: own parts, tax's files, verification, claims, refunds, the severely disabled, reconciliation."""
