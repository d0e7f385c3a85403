"""What campaigns, landing pages and journeys share when they are copied: a draft of the one who copies, so named."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from crm.core.text import clean_line


def copy_name(record: Any) -> str:
    """The name of a copy, within the length of names."""
    return clean_line(_("%(name)s (copy)") % {"name": record.name[:180]}, 200)
