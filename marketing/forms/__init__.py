"""Forms of marketing, one module a noun."""
