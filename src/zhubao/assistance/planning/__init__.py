"""The yearly plan: opened, reckoned from the departments' lists for everybody at once, tried out, published, kept up month by month."""
