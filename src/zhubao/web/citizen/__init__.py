"""Pages of citizens in their own affairs: applying for a loan on a phone, and following the application."""
