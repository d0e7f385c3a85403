"""Pages of marketing, one module a noun."""
