"""The customer portal: pages for contacts who are signed in, and signing in itself."""

from .base import PortalPage

__all__ = ["PortalPage"]
