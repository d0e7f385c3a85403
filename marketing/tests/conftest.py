"""A mail server on loopback."""

from crm.messaging.tests.conftest import smtp  # noqa: F401
