"""One module per policy document, in article order."""
