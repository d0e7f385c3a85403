"""The log of text messages; `lists.py` imports it."""

from __future__ import annotations

import django_filters as df
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core.phones import e164
from crm.messaging.choices import SmsState
from crm.messaging.models import OutgoingSms
from crm.ui.generic import cells
from crm.ui.lists import BuiltinView, Column, Empty, ListPage, lists

SMS_TONES = {
    "waiting": "neutral", "sending": "info", "sent": "info", "delivered": "success", "failed": "danger",
    "held": "warning",
}  # fmt: skip


class SmsFilter(df.FilterSet):
    state = df.MultipleChoiceFilter(label=_("State"), choices=SmsState.choices)

    class Meta:
        model = OutgoingSms
        fields: tuple[str, ...] = ()


lists.register(
    ListPage(
        key="outgoing_sms",
        model=OutgoingSms,
        label=_("Sent text messages"),
        permission="messaging.manage_mail",
        url_name="console:outgoing_sms_list",
        columns=(
            Column("to", _("To"), cells.link("shown_to"), locked=True, css="nw", on_card=True),
            Column(
                "state",
                _("State"),
                cells.badge("get_state_display", lambda sms: SMS_TONES[sms.state]),
                sort="state",
                on_card=True,
            ),
            Column("parts", pgettext_lazy("text message", "Parts"), cells.number("parts"), align="num"),
            Column("error", _("Error"), css="cut"),
            Column("created", _("Created"), cells.moment("created_at"), sort="pk", on_card=True),
            Column("sent", _("Sent"), cells.moment("sent_at")),
            Column("delivered", _("Delivered"), cells.moment("delivered_at")),
        ),
        filterset=SmsFilter,
        quick_filters=("state",),
        search=lambda rows, text, actor: rows.filter(to_phone=e164(text)),
        search_hint=_("Whole phone number"),
        default_sort="-created",
        views=(
            BuiltinView("all", _("All")),
            BuiltinView("failed", _("Not delivered"), {"state": ("failed", "held")}),
            BuiltinView("waiting", _("Waiting"), {"state": ("waiting", "sending")}),
        ),
        empty=Empty(_("No text messages yet"), _("Every text message to a customer is logged here.")),
        section=_("Settings"),
    ),
)
