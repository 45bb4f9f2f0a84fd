"""Pages of the agency's clerks, and of the departments that hand in rosters."""
