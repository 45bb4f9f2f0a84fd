"""Moving a pension relation and linking two schemes: at the counter, online, and at the agency's desks."""
