"""The only writers of cases. Each action is one transaction with its row of history, its tasks and its audit entry in it."""
