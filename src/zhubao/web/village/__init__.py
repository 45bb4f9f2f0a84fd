"""Pages of committees and townships, made for a phone: first review, the notice, objections, the signed opinion, renewals."""
