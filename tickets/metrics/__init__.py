"""Every number about the service desk."""

from . import tickets, trade  # noqa: F401 -- each registers its own
