"""Working days, windows and due dates that show their arithmetic."""
