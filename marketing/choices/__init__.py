"""What a value may be, one module a noun."""
