"""What of sales may be seen and done, by role."""

from . import leads, opportunities, quotes  # noqa: F401
