"""One module per happening that crosses apps, in one transaction; background work starts here (`jobs`)."""
