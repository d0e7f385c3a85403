"""Who sees what of marketing, one module a noun."""
