"""Logging a talk with a customer, and what follows from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.files.base import File
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_line, clean_text, excerpt
from crm.core.translated import in_all_languages
from crm.files.actions import attach_file
from crm.files.checks import check_file, check_total
from crm.files.models import Attachment
from crm.files.sniffing import PICTURES
from crm.jobs import idempotency
from crm.planner.actions import add_task

from .. import places
from ..choices import InteractionKind, InteractionOutcome
from ..models import Contact, Customer, Interaction
from ..places import Position
from .customers import locked

#: A clock that runs ahead by this much still counts as now.
_AHEAD = dt.timedelta(minutes=10)
MAX_MINUTES = 24 * 60


@action(permission="customers.update")
def log_interaction(
    *,
    actor: Actor,
    customer: Customer,
    kind: str,
    text: str,
    contact: Contact | None = None,
    outcome: str = "",
    happened_at: dt.datetime | None = None,
    minutes: int = 0,
    follow_up_at: dt.datetime | None = None,
    follow_up: str = "",
    form_key: str = "",
    beside: models.Model | None = None,
    place: str = "",
    position: Position | None = None,
    photos: Sequence[File[Any]] = (),
) -> Interaction:
    """Stores a call, meeting, visit or message, now unless `happened_at` says when; `minutes` is how long it took.

    place and position: where it was; photos: pictures that hang on it, at most `MAX_FILES`.
    beside: the record it was logged at, such as a ticket of the customer; it shows there too.
    With `follow_up_at` a task of that title waits for the actor. The same form_key gives the first row again.
    Raises `Invalid` with `fields`, and `NotFound` for a contact of somebody else.
    """
    body, now = clean_text(text, 10_000), clock.now()
    when = happened_at or now
    who = f"staff:{actor.id}"
    sent = {"customer": customer.pk, "kind": kind, "text": body}
    earlier = idempotency.begin(route="customers.talk", actor=who, key=form_key, body=sent) if form_key else None
    if earlier is not None:
        return Interaction.objects.get(pk=earlier.answer["interaction"])
    _check(kind, outcome, body, when, minutes, follow_up_at, now)
    row = locked(actor, customer)
    if contact is not None and contact.customer_id != row.pk:
        raise NotFound
    talk = Interaction.objects.create(
        customer=row, contact=contact, user_id=actor.user_id, kind=kind, outcome=outcome, text=body,
        happened_at=when, minutes=minutes, **_somewhere(place, position),
    )  # fmt: skip
    pictures = _attached(actor, talk, photos)
    if row.last_interaction_at is None or row.last_interaction_at < when:
        row.last_interaction_at = when
        row.save(update_fields=["last_interaction_at"])
    _tell(actor, row, talk, beside, pictures)
    if follow_up_at is not None:
        _follow_up(actor, row, talk, follow_up_at, follow_up)
    if form_key:
        idempotency.finish(route="customers.talk", actor=who, key=form_key, answer={"interaction": talk.pk})
    return talk


def _somewhere(place: str, position: Position | None) -> dict[str, Any]:
    latitude, longitude = places.checked(*position) if position is not None else (None, None)
    return {"place": clean_line(place, 300), "latitude": latitude, "longitude": longitude}


def _attached(actor: Actor, talk: Interaction, photos: Sequence[File[Any]]) -> list[Attachment]:
    """Hangs the pictures on the talk. Raises `Invalid` for a file of another kind, or too many."""
    sizes: list[int] = []
    for photo in photos:
        name, size = str(photo.name), photo.size
        try:
            check_total(name, sizes, size)
            checked = check_file(name, photo)
        except Invalid as error:
            raise Invalid(fields={"photos": str(error)}) from None
        if checked.media_type not in PICTURES:
            raise Invalid(fields={"photos": _("“%(name)s” is not a picture. Send JPEG, PNG, GIF or WebP.") % {
                "name": checked.name}})  # fmt: skip
        sizes.append(size)
    return [
        attach_file(actor=actor, kind="interaction", object_id=talk.pk, name=str(photo.name), file=photo)
        for photo in photos
    ]


def _tell(
    actor: Actor, customer: Customer, talk: Interaction, beside: models.Model | None, pictures: Sequence[Attachment]
) -> None:
    contact = talk.contact
    where = talk.place or places.in_words(talk.position)
    record(
        actor=actor, type="customers.talked", subject=customer, anchors=[contact, beside],
        data={
            "what": in_all_languages(InteractionKind(talk.kind).label), "kind": talk.kind, "minutes": talk.minutes,
            "with": contact.name if contact else "", "text": excerpt(talk.text, 280), "interaction": talk.pk,
            "place": where, "place_url": places.map_url(talk.place, talk.position),
            "pictures": [{"uid": str(each.uid), "name": each.name} for each in pictures],
        },
    )  # fmt: skip


def _follow_up(actor: Actor, customer: Customer, talk: Interaction, at: dt.datetime, title: str) -> None:
    """A task for whoever logged the talk, or the owner where a machine did."""
    assignee = User.objects.filter(pk=actor.user_id).first() if actor.user_id else customer.owner
    title = clean_line(title, 200) or str(_("Follow up with %(name)s") % {"name": customer.name})
    add_task(
        actor=actor, subject=customer, title=title, due_at=at, assignee=assignee, kind="call",
        source_key=f"talk:{talk.pk}",
    )  # fmt: skip


def _check(
    kind: str,
    outcome: str,
    body: str,
    when: dt.datetime,
    minutes: int,
    follow_up_at: dt.datetime | None,
    now: dt.datetime,
) -> None:
    fields: dict[str, object] = {}
    if kind not in InteractionKind.values:
        fields["kind"] = _("Choose what it was")
    if outcome and outcome not in InteractionOutcome.values:
        fields["outcome"] = _("Choose how it went")
    if not body:
        fields["text"] = _("Write what was said")
    if when > now + _AHEAD:
        fields["happened_at"] = _("Enter a time that has passed; for later, set a follow-up")
    if not 0 <= minutes <= MAX_MINUTES:
        fields["minutes"] = _("Enter the minutes, from 0 to 1,440")
    if follow_up_at is not None and follow_up_at < now:
        fields["follow_up_at"] = _("Enter a time to come")
    if fields:
        raise Invalid(fields=fields)
