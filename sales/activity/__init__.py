"""What is done in sales."""

from . import leads, opportunities, quotes  # noqa: F401
