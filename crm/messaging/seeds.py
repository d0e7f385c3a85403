"""A row for each declared mail template. Wording that nobody edited follows the declaration."""

from __future__ import annotations

from crm.core.sockets import Seed, seeds
from crm.core.translated import Translated

from .declarations import mail_templates
from .models import MailTemplate


def seed_templates() -> None:
    for declared in mail_templates:
        wording = {name: Translated(getattr(declared, name)) for name in ("subject", "body", "sms")}
        row, created = MailTemplate.objects.get_or_create(key=declared.key, defaults=wording)
        if created:
            continue
        changed = {name: text for name, text in wording.items() if getattr(row, name) != text}
        if row.is_edited:  # a text message that the product learned later is missing, not emptied by anybody
            changed = {name: text for name, text in changed.items() if name == "sms" and not row.sms}
        for name, text in changed.items():
            setattr(row, name, text)
        if changed:
            row.save(update_fields=list(changed))


seeds.register(Seed("messaging.templates", seed_templates, order=40))
