"""Mail templates that apps declare in their `mail_templates.py`; the rows are seeded from here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.registry import Registry
from crm.core.sockets import ALL_REGISTRIES

Text = Any  # str or a lazy translation

#: Placeholders that every template has.
COMMON = {
    "brand.name": _("The brand's name"),
    "brand.phone": _("The brand's phone number"),
}


@dataclass(frozen=True, slots=True)
class MailTemplateDeclaration:
    """A mail the product can send. placeholders: name → what it stands for, such as "ticket.number".

    subject and body: language code → the wording it starts with. automatic: nobody typed it, so that
    other systems must not answer (RFC 3834). sms: the same as a text message, for whoever has only a phone; {} when
    there is none. sms_shortens: the placeholder whose value is cut where the text would need too many parts.
    is_secret: it lets its reader in somewhere, so that logs do not show its text.
    """

    key: str
    label: Text
    placeholders: Mapping[str, Text]
    subject: Mapping[str, str]
    body: Mapping[str, str]
    automatic: bool = True
    order: int = 50
    sms: Mapping[str, str] = field(default_factory=dict)
    sms_shortens: str = ""
    is_secret: bool = False

    @property
    def known(self) -> dict[str, Text]:
        """Every placeholder the wording may use, with its help."""
        return {**COMMON, **self.placeholders}


mail_templates: Registry[MailTemplateDeclaration] = Registry("mail templates", survives=True)
ALL_REGISTRIES.append(mail_templates)
