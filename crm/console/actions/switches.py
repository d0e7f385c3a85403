"""Switching apps on and off."""

from __future__ import annotations

from django.apps import apps

from crm.activity.recording import record
from crm.core import switches
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotFound
from crm.core.models import Brand
from crm.core.translated import in_all_languages


@action(permission="console.manage_apps")
def switch_app(*, actor: Actor, label: str, on: bool) -> bool:
    """Takes an app out of navigation, sockets, rules and addresses, or brings it back; its data stays.

    Every process knows within `switches.LOOK_EVERY_SECONDS`. False when it stood so already. Raises `NotFound`.
    """
    if label not in switches.SWITCHABLE or not apps.is_installed(label):
        raise NotFound
    if not switches.switch(label, on=on):
        return False
    name = in_all_languages(apps.get_app_config(label).verbose_name)
    type = "console.app_switched_on" if on else "console.app_switched_off"
    record(actor=actor, type=type, subject=Brand.default(), data={"app": label, "name": dict(name)})
    return True
