"""What is done in sales."""

from . import contracts, leads, opportunities, payments, pools, quotes  # noqa: F401
