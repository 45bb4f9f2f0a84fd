"""Papers of cases, loans and files as PDF, for staff and for the person concerned."""
