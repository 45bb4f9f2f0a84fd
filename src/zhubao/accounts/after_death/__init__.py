"""After a death: pension paid too long comes back, what is left in the account goes to the heirs."""
