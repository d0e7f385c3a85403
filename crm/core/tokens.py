"""Unguessable links for customers."""

from __future__ import annotations

import secrets


def new_token() -> str:
    """A fresh URL-safe token of 160 random bits."""
    return secrets.token_urlsafe(20)
