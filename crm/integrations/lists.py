"""The lists of tokens, webhooks and deliveries."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from crm.core import clock
from crm.ui import html
from crm.ui.generic import cells
from crm.ui.lists import BuiltinView, Column, Empty, ListPage, Viewer, lists

from .choices import TONES, DeliveryState
from .models import ApiToken, Webhook, WebhookDelivery

OWN, MANAGE = "integrations.own_tokens", "integrations.manage"
TOKEN_STATES = {
    "live": (pgettext_lazy("token", "Valid"), "success"),
    "expired": (pgettext_lazy("token", "Run out"), "neutral"),
    "revoked": (pgettext_lazy("token", "Revoked"), "neutral"),
}


def token_state(row: ApiToken, viewer: Viewer) -> Any:
    """Whether it still opens the door."""
    return html.badge(*TOKEN_STATES[row.state])


def token_rights(row: ApiToken, viewer: Viewer) -> str:
    """What it is narrowed to, in short."""
    if row.permissions is None:
        return _t("Everything its user may")
    count = len(row.permissions)
    return ngettext("%(count)s right", "%(count)s rights", count) % {"count": count}


def webhook_state(row: Webhook, viewer: Viewer) -> Any:
    """On, off, or on and failing."""
    if not row.is_active:
        return html.badge(_t("Off"), "danger" if row.pause_reason else "neutral")
    return html.badge(_t("Failing"), "warning") if row.failures else html.badge(_t("On"), "success")


def event_count(row: Webhook, viewer: Viewer) -> str:
    """How many types of events it is told."""
    return ngettext("%(count)s event", "%(count)s events", len(row.types)) % {"count": len(row.types)}


def delivery_tone(row: WebhookDelivery) -> str:
    return TONES[DeliveryState(row.state)]


class TokenFilters(df.FilterSet):
    whose = df.ChoiceFilter(
        label=_("Whose"),
        choices=[("me", _("Mine")), ("people", _("Colleagues")), ("applications", _("Applications"))],
        method="by_whose",
    )
    state = df.ChoiceFilter(
        label=_("State"), choices=[(key, label) for key, (label, _tone) in TOKEN_STATES.items()], method="by_state"
    )

    class Meta:
        model = ApiToken
        fields: list[str] = []

    def by_whose(self, rows: Any, name: str, value: str) -> Any:
        if value == "me":
            return rows.filter(user=self.request.actor.user_id or 0)
        return rows.filter(user__is_service=value == "applications")

    def by_state(self, rows: Any, name: str, value: str) -> Any:
        over = Q(revoked_at__isnull=False) | Q(user__is_active=False)
        if value == "revoked":
            return rows.filter(over)
        ended = rows.exclude(over).filter(expires_at__lte=clock.now())
        return ended if value == "expired" else rows.exclude(over).exclude(expires_at__lte=clock.now())


def _hooks() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in Webhook.objects.values_list("pk", "name")]


class DeliveryFilters(df.FilterSet):
    state = df.MultipleChoiceFilter(label=_("State"), choices=DeliveryState.choices)
    webhook = df.ChoiceFilter(label=_("Webhook"), choices=_hooks, field_name="webhook_id")
    type = df.CharFilter(label=_("Event"), field_name="type")
    made_from = df.IsoDateTimeFilter(label=_("Made from"), field_name="created_at", lookup_expr="gte")
    made_to = df.IsoDateTimeFilter(label=_("Made before"), field_name="created_at", lookup_expr="lt")

    class Meta:
        model = WebhookDelivery
        fields: list[str] = []


lists.register(
    ListPage(
        key="api_token",
        model=ApiToken,
        label=_("API tokens"),
        section=_("Settings"),
        permission=OWN,
        url_name="integrations:token_list",
        columns=[
            Column("name", _("Name"), cell=cells.link("name"), css="subj cut", locked=True, on_card=True),
            Column("user", _("Acts for"), cell=cells.person("user"), width="cw-160", on_card=True,
                   export=lambda row, viewer: row.user.name),
            Column("hint", _("Begins with"), cell="hint", width="cw-128"),
            Column("state", _("State"), cell=token_state, width="cw-128", on_card=True,
                   export=lambda row, viewer: str(TOKEN_STATES[row.state][0])),
            Column("rights", _("May"), cell=token_rights, width="cw-160"),
            Column("used", _("Last used"), cell=cells.moment("last_used_at"), sort="last_used_at", align="num",
                   width="cw-128", export=lambda row, viewer: row.last_used_at),
            Column("expires", _("Valid until"), cell=cells.moment("expires_at"), sort="expires_at", align="num",
                   width="cw-128", export=lambda row, viewer: row.expires_at),
            Column("created", _("Created"), cell=cells.moment("created_at"), sort="created_at", align="num",
                   width="cw-128", export=lambda row, viewer: row.created_at),
        ],
        filterset=TokenFilters,
        quick_filters=("whose", "state"),
        default_sort="-created",
        prepare=lambda rows, actor: rows.select_related("user"),
        row_label=str,
        views=[
            BuiltinView("mine", _("My tokens"), {"whose": "me"}),
            BuiltinView("applications", _("Applications"), {"whose": "applications"}, permission=MANAGE),
            BuiltinView("all", _("All tokens"), permission=MANAGE),
        ],
        empty=Empty(_("No tokens yet"), _("A token lets another program work with your records, as you or with less.")),
        create_url_name="integrations:token_create",
        create_permission=OWN,
        create_label=_("New token"),
    ),
    ListPage(
        key="webhook",
        model=Webhook,
        label=_("Webhooks"),
        section=_("Settings"),
        permission=MANAGE,
        url_name="integrations:webhook_list",
        columns=[
            Column("name", _("Name"), cell=cells.link("name"), css="subj cut", locked=True, on_card=True),
            Column("url", _("Address"), css="cut", on_card=True),
            Column("events", _("Events"), cell=event_count, width="cw-128"),
            Column("state", _("State"), cell=webhook_state, width="cw-128", on_card=True),
            Column("owner", _("Owner"), cell=cells.person("owner"), width="cw-160",
                   export=lambda row, viewer: row.owner.name),
            Column("delivered", _("Last delivered"), cell=cells.moment("last_success_at"), sort="last_success_at",
                   align="num", width="cw-128", export=lambda row, viewer: row.last_success_at),
            Column("created", _("Created"), cell=cells.moment("created_at"), sort="created_at", align="num",
                   width="cw-128", default=False, export=lambda row, viewer: row.created_at),
        ],
        default_sort="-created",
        prepare=lambda rows, actor: rows.select_related("owner"),
        row_label=str,
        empty=Empty(
            _("No webhooks yet"), _("Tell a shop, a chat or your own program what happens here, the moment it happens.")
        ),
        create_url_name="integrations:webhook_create",
        create_permission=MANAGE,
        create_label=_("New webhook"),
    ),
    ListPage(
        key="webhook_delivery",
        model=WebhookDelivery,
        label=_("Webhook deliveries"),
        section=_("Settings"),
        permission=MANAGE,
        url_name="integrations:delivery_list",
        columns=[
            Column("type", _("Event"), cell=cells.link("type"), css="subj cut", locked=True, on_card=True),
            Column("webhook", _("Webhook"), cell="webhook.name", css="cut", width="cw-160", on_card=True),
            Column("state", _("State"), cell=cells.badge("get_state_display", delivery_tone), width="cw-128",
                   on_card=True, export=lambda row, viewer: row.get_state_display()),
            Column("status", _("Answer"), cell="status", align="num", width="cw-80"),
            Column("attempts", _("Tries"), cell=cells.number("attempts"), align="num", width="cw-80"),
            Column("took", _("Took (ms)"), cell=cells.number("duration_ms"), align="num", width="cw-80"),
            Column("next", _("Next try"), cell=cells.moment("next_at"), align="num", width="cw-128",
                   export=lambda row, viewer: row.next_at),
            Column("created", _("Made"), cell=cells.moment("created_at"), sort="created_at", align="num",
                   width="cw-128", export=lambda row, viewer: row.created_at),
        ],
        filterset=DeliveryFilters,
        quick_filters=("state", "webhook"),
        default_sort="-created",
        prepare=lambda rows, actor: rows.select_related("webhook").defer("body", "answer", "log"),
        row_label=str,
        views=[
            BuiltinView("all", _("All deliveries")),
            BuiltinView("open", _("On their way"), {"state": ["waiting", "sending"]}),
            BuiltinView("dead", pgettext_lazy("webhook", "Given up"), {"state": ["dead"]}),
        ],
        empty=Empty(_("Nothing was sent yet"), _("As soon as a webhook is on, what it is told stands here.")),
    ),
)  # fmt: skip
