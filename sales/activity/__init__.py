"""What is done in sales."""

from . import contracts, leads, opportunities, payments, quotes  # noqa: F401
