"""Lists about incoming mail; `lists.py` imports it."""

from __future__ import annotations

import django_filters as df
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.messaging.choices import InboundReason, InboundState
from crm.messaging.inbound.registry import inbound_handlers
from crm.messaging.models import InboundMail, Mailbox
from crm.ui.generic import cells
from crm.ui.lists import BuiltinView, Column, Empty, ListPage, Viewer, lists
from crm.ui.rules import changed_column, hits_column, prepared, switch_column

INBOUND_TONES = {
    "received": "info", "handled": "success", "automatic": "neutral", "held": "warning", "quarantined": "danger",
    "rejected": "neutral",
}  # fmt: skip


class InboundMailFilter(df.FilterSet):
    state = df.MultipleChoiceFilter(label=_("State"), choices=InboundState.choices)
    reason = df.MultipleChoiceFilter(label=_("Reason"), choices=InboundReason.choices)
    mailbox = df.ModelChoiceFilter(label=_("Mailbox"), queryset=Mailbox.objects.all())

    class Meta:
        model = InboundMail
        fields: tuple[str, ...] = ()


def mailbox_sentence(row: Mailbox, viewer: Viewer) -> str:
    """How its mail comes, and what it becomes."""
    handler = inbound_handlers.get(row.handler)
    values = {"address": row.address, "host": row.host, "what": handler.label if handler else _t("nothing")}
    if not row.host:
        return _t("Mail to %(address)s is handed over by the mail server; new mail becomes: %(what)s.") % values
    return _t("Mail to %(address)s is fetched from %(host)s; new mail becomes: %(what)s.") % values


lists.register(
    ListPage(
        key="mailbox",
        model=Mailbox,
        label=_("Mailboxes"),
        permission="messaging.manage_mailboxes",
        url_name="console:mailbox_list",
        columns=(
            Column("name", _("Name"), cells.link("name"), sort="name", locked=True, css="subj cut", on_card=True),
            Column("address", _("Address"), sort="address", css="cut", on_card=True),
            Column("sentence", _("What it does"), mailbox_sentence, css="c-sentence", on_card=True),
            Column("host", _("IMAP server"), css="cut", default=False),
            hits_column("mailbox"),
            changed_column(),
            switch_column("mailbox"),
            Column("last_fetch_at", _("Last fetched"), cells.moment("last_fetch_at"), sort="last_fetch_at"),
            Column("last_error", _("Last error"), css="cut"),
        ),
        search=lambda rows, text, actor: rows.filter(Q(name__icontains=text) | Q(address__icontains=text)),
        default_sort="name",
        prepare=prepared("mailbox"),
        empty=Empty(_("No mailboxes yet"), _("Mail to an address here makes tickets, and answers find theirs.")),
        create_url_name="console:mailbox_create",
        create_permission="messaging.manage_mailboxes",
        create_label=_("New mailbox"),
        section=_("Settings"),
    ),
    ListPage(
        key="inbound_mail",
        model=InboundMail,
        label=_("Incoming mail"),
        permission="messaging.handle_mail",
        url_name="console:inbound_mail_list",
        columns=(
            Column("subject", _("Subject"), cells.link("__str__"), locked=True, css="subj cut", on_card=True),
            Column("sender", _("From"), "sender_email", css="cut", on_card=True),
            Column(
                "state",
                _("State"),
                cells.badge("get_state_display", lambda mail: INBOUND_TONES[mail.state]),
                sort="state",
                on_card=True,
            ),
            Column("reason", _("Reason"), "get_reason_display", css="cut"),
            Column("mailbox", _("Mailbox"), "mailbox", css="cut"),
            Column("received", _("Received"), cells.moment("received_at"), sort="pk"),
        ),
        filterset=InboundMailFilter,
        quick_filters=("state", "reason"),
        search=lambda rows, text, actor: rows.filter(Q(sender_email__icontains=text) | Q(subject__icontains=text)),
        search_hint=_("Address or subject"),
        default_sort="-received",
        prepare=lambda rows, actor: rows.select_related("mailbox"),
        views=(
            BuiltinView("waiting", _("Waits for a decision"), {"state": ("held", "quarantined")}),
            BuiltinView("automatic", _("Automatic mail"), {"state": "automatic"}),
            BuiltinView("all", _("All")),
        ),
        empty=Empty(_("No mail here"), _("Mail that is not simply handled waits here for a decision.")),
        section=_("Settings"),
    ),
)
