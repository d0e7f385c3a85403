"""Setting up webhooks, and switching off those that fail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.accounts.access import covers, users_who_can
from crm.accounts.models import User
from crm.activity.recording import record as record_activity
from crm.conditions.language import parse
from crm.core import outbound, sockets
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.secrets import encrypt
from crm.core.text import clean_line
from crm.core.translated import in_all_languages
from crm.notifications.actions import notify

from ..choices import PauseReason
from ..exceptions import AddressNotAllowed, BeyondOwnRights
from ..models import Webhook
from ..webhooks.signing import new_secret

MANAGE = "integrations.manage"
_NONE: dict[str, Any] = {"condition": {}, "condition_on": ""}
EDITABLE = ("name", "url", "types", "condition_on", "condition", "is_active")


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """A webhook with its fresh secret, which is shown once."""

    webhook: Webhook
    secret: str


@action(permission=MANAGE)
def create_webhook(*, actor: Actor, values: Mapping[str, Any]) -> NewWebhook:
    """Adds a webhook that is told what the actor may see. values: any of `EDITABLE`; name, url and types are needed.

    Raises `Invalid` with `fields`, `AddressNotAllowed`.
    """
    owner = User.objects.filter(pk=actor.user_id or 0).first()
    if owner is None:
        raise NotFound
    secret = new_secret()
    checked = _checked(actor, {"name": "", "url": "", "types": (), **values})
    webhook = Webhook.objects.create(owner=owner, secret=encrypt(secret), **checked)
    _tell(actor, "integrations.webhook_saved", webhook)
    return NewWebhook(webhook, secret)


@action(permission=MANAGE)
def update_webhook(*, actor: Actor, record: Webhook, values: Mapping[str, Any]) -> Webhook:
    """Changes any of `EDITABLE`. Switching it on again forgets its failures. Raises as `create_webhook`.

    It goes on telling what its owner may see: `BeyondOwnRights` for who may see less and would lead that elsewhere.
    """
    webhook = _locked(actor, record)
    checked = _checked(actor, values, webhook)
    if any(getattr(webhook, name) != value for name, value in checked.items() if name not in {"name", "is_active"}):
        _require_covers(actor, webhook)
    for name, value in checked.items():
        setattr(webhook, name, value)
    if checked.get("is_active"):
        webhook.failures, webhook.failing_since, webhook.quiet_until, webhook.pause_reason = 0, None, None, ""
    webhook.save()
    _tell(actor, "integrations.webhook_saved", webhook)
    return webhook


@action(permission=MANAGE)
def change_secret(*, actor: Actor, record: Webhook) -> NewWebhook:
    """Signs with a fresh secret from now on; the former no longer counts. Raises `BeyondOwnRights`."""
    webhook = _locked(actor, record)
    _require_covers(actor, webhook)
    secret = new_secret()
    webhook.secret = encrypt(secret)
    webhook.save(update_fields=["secret"])
    _tell(actor, "integrations.webhook_secret_changed", webhook)
    return NewWebhook(webhook, secret)


@action(permission=MANAGE)
def delete_webhook(*, actor: Actor, record: Webhook) -> None:
    """Removes a webhook with its deliveries; the audit log keeps that it was there."""
    webhook = _locked(actor, record)
    _tell(actor, "integrations.webhook_deleted", webhook)
    webhook.delete()


@action()
def pause_webhook(*, actor: Actor, record: Webhook, reason: PauseReason) -> None:
    """Switches a webhook off by itself and tells its owner, or who manages webhooks when the owner left."""
    webhook = Webhook.objects.select_related("owner").lock().filter(pk=record.pk, is_active=True).first()
    if webhook is None:
        return
    webhook.is_active, webhook.pause_reason = False, reason
    webhook.save(update_fields=["is_active", "pause_reason"])
    data = {"name": webhook.name, "reason": in_all_languages(reason.label)}
    deed = record_activity(
        actor=Actor.system("webhooks"), type="integrations.webhook_paused", subject=webhook, data=data
    )
    notify(
        actor=Actor.system("webhooks"), kind="integrations.webhook_paused", subject=webhook, data=data,
        users=[webhook.owner] if webhook.owner.is_active else users_who_can(MANAGE),
        url=reverse("integrations:webhook_detail", args=[webhook.pk]), activity_id=deed.pk,
    )  # fmt: skip


def _locked(actor: Actor, record: Webhook) -> Webhook:
    webhook: Webhook | None = Webhook.objects.visible_to(actor).lock().filter(pk=record.pk).first()
    if webhook is None:
        raise NotFound
    return webhook


def _require_covers(actor: Actor, webhook: Webhook) -> None:
    if not covers(actor, webhook.owner):
        raise BeyondOwnRights(
            _("This webhook tells what %(owner)s may see, which is more than you may. Make one of your own.")
            % {"owner": webhook.owner.name}
        )


def _checked(actor: Actor, values: Mapping[str, Any], present: Webhook | None = None) -> dict[str, Any]:
    """The values, cleaned. Raises `Invalid`, `AddressNotAllowed`."""
    wrong: dict[str, object] = {name: _("This field cannot be set") for name in set(values) - set(EDITABLE)}
    found = dict(values)
    if "name" in found:
        found["name"] = clean_line(found["name"], 80)
        if not found["name"]:
            wrong["name"] = _("Enter which system is told")
    if "types" in found:
        found["types"] = sorted(set(found["types"]))
        if not found["types"] or not all(key in sockets.activity_types for key in found["types"]):
            wrong["types"] = _("Choose at least one event")
    if wrong:
        raise Invalid(fields=wrong)
    if "url" in found:
        found["url"] = clean_line(found["url"])
        try:
            outbound.check(found["url"])
        except outbound.AddressRefused as error:
            raise AddressNotAllowed(fields={"url": AddressNotAllowed.default}) from error
        if len(found["url"]) > 500:
            raise AddressNotAllowed(fields={"url": _("Enter a shorter address")})
    if found.get("condition"):
        on = found.get("condition_on", present.condition_on if present else "")
        condition = parse(found["condition"], on=on, author=actor)
        found |= {"condition": condition.tree, "condition_on": on} if not condition.always else _NONE
    return found


def _tell(actor: Actor, type: str, webhook: models.Model) -> None:
    data = {"name": str(webhook)}
    record_activity(actor=actor, type=type, subject=webhook, data=data)
