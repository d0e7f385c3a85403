"""Every number about sales, defined once, by what it is about. docs/architecture/reports.md explains the formulas."""

from . import contracts, leads, opportunities, payments, quotes  # noqa: F401
