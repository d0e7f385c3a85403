"""Bulk verbs of the platform's lists."""

from django.utils.translation import gettext_lazy as _

from crm.messaging.actions import retry_mail, retry_sms
from crm.ui.lists import BulkAction, bulk_actions

from .actions import jobs, staff

bulk_actions.register(
    BulkAction(
        "suspend",
        "user",
        _("Suspend"),
        lambda actor, row, values: staff.suspend_user(actor=actor, record=row),
        "off",
        "console.manage_staff",
        danger=True,
    ),
    BulkAction(
        "restore",
        "user",
        _("Restore"),
        lambda actor, row, values: staff.restore_user(actor=actor, record=row),
        "restore",
        "console.manage_staff",
    ),
    BulkAction(
        "retry",
        "outgoing_mail",
        _("Send again"),
        lambda actor, row, values: retry_mail(actor=actor, mail=row),
        "refresh",
        "messaging.manage_mail",
    ),
    BulkAction(
        "retry",
        "outgoing_sms",
        _("Send again"),
        lambda actor, row, values: retry_sms(actor=actor, sms=row),
        "refresh",
        "messaging.manage_mail",
    ),
    BulkAction(
        "retry",
        "job",
        _("Start again"),
        lambda actor, row, values: jobs.retry_job(actor=actor, record=row),
        "refresh",
        "console.manage_jobs",
    ),
)
