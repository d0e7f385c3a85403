"""Mailboxes as rules: fetched or not, and how much mail came by each lately."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from crm.messaging.actions.mailboxes import update_mailbox
from crm.messaging.models import InboundMail
from crm.ui.rules import RuleList, rule_lists

MANAGE = "messaging.manage_mailboxes"


def mails_of(mailbox: Any, since: dt.datetime) -> QuerySet[Any]:
    """What came by the mailbox."""
    return InboundMail.objects.filter(mailbox=mailbox, received_at__gte=since)


rule_lists.register(
    RuleList(
        "mailbox",
        lambda actor, row, values: update_mailbox(actor=actor, record=row, values=values),
        lambda actor, row: actor.can(MANAGE),
        order="",
        hits=mails_of,
        hits_url=lambda row: f"{reverse('console:inbound_mail_list')}?view=all&mailbox={row.pk}",
    )
)
