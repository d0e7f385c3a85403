"""Setting up payment reminders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm.activity.settings_rows import store_row
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.models import Brand

from ..models import PaymentSettings


def settings_of(brand: Brand) -> PaymentSettings:
    """The row of a brand, made with the usual values where a brand came later."""
    row: PaymentSettings = PaymentSettings.objects.select_related("brand").get_or_create(brand=brand)[0]
    return row


@action(permission="payments.manage")
def save_payment_settings(*, actor: Actor, values: Mapping[str, Any], record: PaymentSettings) -> PaymentSettings:
    """Sets when a brand reminds of money due, and whether by itself. Raises `Invalid` for levels out of order."""
    return store_row(actor, PaymentSettings, record, values, type="payments.settings_changed")
