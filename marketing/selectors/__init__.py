"""Reads of marketing, one module a question."""
