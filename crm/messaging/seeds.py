"""A row for each declared mail template. Wording that nobody edited follows the declaration."""

from __future__ import annotations

from crm.core.sockets import Seed, seeds
from crm.core.translated import Translated

from .declarations import mail_templates
from .models import MailTemplate


def seed_templates() -> None:
    for declared in mail_templates:
        subject, body = Translated(declared.subject), Translated(declared.body)
        row, created = MailTemplate.objects.get_or_create(key=declared.key, defaults={"subject": subject, "body": body})
        if not created and not row.is_edited and (row.subject, row.body) != (subject, body):
            row.subject, row.body = subject, body
            row.save(update_fields=["subject", "body"])


seeds.register(Seed("messaging.templates", seed_templates, order=40))
