"""Editing the wording of mail."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError

from crm.activity.recording import record
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.translated import Translated

from ..declarations import mail_templates
from ..models import MailTemplate
from ..rendering import check_placeholders


@action(permission="messaging.manage_templates")
def save_template(
    *,
    actor: Actor,
    template: MailTemplate,
    subject: Mapping[str, str],
    body: Mapping[str, str],
    sms: Mapping[str, str] | None = None,
) -> MailTemplate:
    """Stores an administrator's wording; sms None leaves the text message as it is.

    Raises `Invalid` for a placeholder the template has not.
    """
    declared = mail_templates[template.key]
    row = MailTemplate.objects.lock().get(pk=template.pk)
    problems: dict[str, object] = {}
    for field, texts in (("subject", subject), ("body", body), ("sms", sms or {})):
        for text in texts.values():
            try:
                check_placeholders(declared, text)
            except ValidationError as error:
                problems[field] = error.messages[0]
    if problems:
        raise Invalid(fields=problems)
    row.subject, row.body, row.is_edited = Translated(subject), Translated(body), True
    if sms is not None:  # emptied on purpose is not the same as missing, which the seeds fill
        row.sms = Translated(sms or dict.fromkeys(declared.sms, ""))
    row.save(update_fields=["subject", "body", "sms", "is_edited"])
    record(actor=actor, type="messaging.template_edited", subject=row, data={"template": str(declared.label)})
    return row
