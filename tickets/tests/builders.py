"""Tickets in legal states, made by calling actions."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from django.apps import apps
from django.db import connection

from crm.accounts.models import Team, User
from crm.activity.dispatch import LANES, dispatch
from crm.core import sockets
from crm.core.actor import Actor
from crm.core.models import Brand
from crm.core.sockets import DemoStep
from crm.core.translated import Translated
from crm.testing.builders import make_team, make_user, staff
from tickets.actions import accept_ticket, reply, resolve_ticket, submit_ticket
from tickets.models import AgentProfile, RequestType, Status, Ticket

_numbers = itertools.count(1)


def make_request_type(key: str = "", *, team: Team | None = None, **values: Any) -> RequestType:
    """A public request type of a team (a new one unless given)."""
    key = key or f"type-{next(_numbers)}"
    name = values.pop("name", key.replace("-", " ").capitalize())
    values["description"] = Translated(values.get("description", {}))
    return RequestType.objects.create(
        key=key,
        name=Translated({"en": name, "zh-hans": values.pop("chinese", name)}),
        team=team or make_team(),
        **values,
    )


def make_agent(*teams: Team, name: str = "", role: str = "agent", **profile: Any) -> User:
    """Somebody who takes tickets of these teams."""
    user = make_user(role, name=name, teams=teams)
    AgentProfile.objects.create(user=user, **{"undo_seconds": 0, **profile})
    return user


def submit(request_type: RequestType | None = None, **values: Any) -> Ticket:
    """A ticket from the public form."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "actor": Actor.guest(),
        "brand": Brand.default(),
        "subject": "Printer offline",
        "description": "It is offline since the update.",
        "name": "Li Lei",
        "email": f"lilei{number}@example.test",
        "form_key": f"form-key-{number:08d}",
        "consent": True,
        "timezone": "Asia/Shanghai",
    }
    return submit_ticket(request_type=request_type or make_request_type(), **{**defaults, **values})


def answered(agent: User, ticket: Ticket, body: str = "Switch it off and on again.") -> Ticket:
    """Taken and replied to by that agent."""
    accept_ticket(actor=staff(agent), ticket=ticket)
    reply(actor=staff(agent), ticket=ticket, body=body, form_key=f"reply-key-{next(_numbers):08d}")
    return Ticket.objects.get(pk=ticket.pk)


def resolved(agent: User, ticket: Ticket, solution: str = "Firmware 3.3 solves it.") -> Ticket:
    """Resolved by that agent, who needs no earlier reply."""
    resolve_ticket(actor=staff(agent), ticket=ticket, cause="product", solution=solution)
    return Ticket.objects.get(pk=ticket.pk)


#: Monday, 10:00 in Shanghai, within the seeded office hours.
MONDAY = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)


def deliver() -> None:
    """Hands every waiting activity to its subscribers, until none is left."""
    while sum(dispatch(lane) for lane in LANES):
        pass


def fresh(ticket: Ticket) -> Ticket:
    """The ticket as it is stored now."""
    return Ticket.objects.get(pk=ticket.pk)


def status(key: str) -> Status:
    """A seeded status by its key."""
    return Status.objects.get(key=key)


def customer_of(ticket: Ticket) -> Actor:
    """The requester as the one who acts."""
    return Actor.contact(ticket.contact_id, ticket.contact.name)


def key() -> str:
    """A form key that nobody used."""
    return f"key-of-a-form-{next(_numbers):08d}"


def digest() -> dict[str, tuple[int, str]]:
    """Rows and a checksum of each table of tickets and customers, to show that nothing was written."""
    found = {}
    with connection.cursor() as cursor:
        for model in [*apps.get_app_config("tickets").get_models(), *apps.get_app_config("customers").get_models()]:
            table = model._meta.db_table
            cursor.execute(f"SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY t.*::text)) FROM \"{table}\" t")  # noqa: S608
            found[table] = cursor.fetchone()
    return found


#: Demo steps that fill tables by rule, the same for the same seed; the others run verbs as people would.
MASS_MADE = frozenset({
    "activity.open", "accounts.staff", "calendars.shifts", "messaging.mailbox", "tickets.desk", "customers.customers",
    "tickets.tickets", "activity.write", "search.index",
})  # fmt: skip


def mass_made_steps() -> list[DemoStep]:
    """The demo's steps of `MASS_MADE`, in order."""
    return [step for step in sockets.demo if step.key in MASS_MADE]
