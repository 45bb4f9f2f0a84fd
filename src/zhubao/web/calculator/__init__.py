"""Public pages without sign-in: what a loan would cost, and whether a contribution is paid on behalf. Nothing typed is stored."""
