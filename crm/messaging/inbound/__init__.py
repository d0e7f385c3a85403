"""Incoming mail: raw bytes first, then parsing, recognising what is automatic, threading, and a handler's verb."""
