"""The first minute of a new product: the company, and its first administrator."""

from __future__ import annotations

from typing import Any

from crm.accounts.access import actor_for
from crm.accounts.models import Role, User
from crm.activity.recording import record
from crm.calendars.actions.calendars import adapt_to_zone
from crm.core import switches
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.history import audited
from crm.core.models import Brand
from crm.core.translated import Translated

from ..exceptions import AlreadyBegun

COMPANY = ("language", "languages", "timezone", "currency")


@action()
def begin(*, actor: Actor, values: dict[str, Any]) -> User:
    """Names the company and makes its first administrator, once, however many try at the same moment.

    values: company, language, languages, timezone, currency; name, email, password (checked before). The caller has
    proved the set-up code. Raises `AlreadyBegun` when there is a user.
    """
    brand: Brand = Brand.objects.lock().get(is_default=True)
    if User.objects.exists():
        raise AlreadyBegun
    called = Translated(dict.fromkeys(values["languages"], values["company"]))
    with audited(actor) as context:
        brand.name, brand.sender_name = called, called
        for name in COMPANY:
            setattr(brand, name, values[name])
        brand.save()
        user: User = User.objects.create_user(
            values["email"].strip().lower(),
            name=values["name"],
            password=values["password"],
            language=values["language"],
            timezone=values["timezone"],
        )
        user.roles.add(Role.objects.get(key="administrator"))
    adapt_to_zone(actor=Actor.system(), timezone=values["timezone"])
    switches.look_on_commit()
    data = {"user": user.name, "company": values["company"], "change": str(context.id)}
    record(actor=actor_for(user), type="console.begun", subject=user, anchors=[brand], data=data)
    return user
