"""What of sales may be seen and done, by role."""

from . import contracts, leads, opportunities, payments, quotes  # noqa: F401
