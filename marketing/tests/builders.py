"""Campaigns in legal states, made by the verbs."""

from __future__ import annotations

import itertools
from typing import Any

from crm.core.actor import Actor
from customers.actions import record_consent
from customers.actions.segments import add_to_segment, create_segment
from customers.choices import ConsentChannel, SegmentKind
from customers.models import Contact, Segment
from customers.tests.builders import make_contact
from marketing.actions import create_campaign, schedule_campaign
from marketing.models import Campaign, Recipient
from marketing.working import advance

SYSTEM = Actor.system("test")
_numbers = itertools.count(1)


def words(english: str, chinese: str = "") -> dict[str, str]:
    return {"en": english, "zh-hans": chinese or english}


TEXT = "Hello {{contact.name|friend}}, see [the offer](https://shop.example/offer)."


def content(text: str = TEXT) -> dict[str, Any]:
    """A mail with one text block."""
    return {"v": 1, "blocks": [{"id": "t1", "type": "text", "values": {"text": words(text, f"{text}（中文）")}}]}


def agree(contact: Contact, channel: str = "email", granted: bool = True) -> None:
    record_consent(
        actor=SYSTEM, contact=contact, channel=ConsentChannel(channel), granted=granted, text="Yes", version=1,
        language="en",
    )  # fmt: skip


def make_reader(granted: bool | None = True, **values: Any) -> Contact:
    """A person at a customer of their own, who agreed to mail unless told otherwise."""
    contact = make_contact(**values)
    if granted is not None:
        agree(contact, granted=granted)
    return contact


def make_segment(*contacts: Contact) -> Segment:
    """A segment picked by hand, of the people's customers."""
    segment = create_segment(actor=SYSTEM, values={"name": f"Segment {next(_numbers)}", "kind": SegmentKind.STATIC})
    add_to_segment(actor=SYSTEM, segment=segment, customers=[contact.customer for contact in contacts])
    return segment


def make_campaign(*contacts: Contact, **values: Any) -> Campaign:
    """A draft of a mail to these people."""
    given = {
        "name": f"Campaign {next(_numbers)}", "subject": words("News for you", "给您的消息"), "content": content(),
        "segments": [make_segment(*contacts)] if contacts else [], **values,
    }  # fmt: skip
    return create_campaign(actor=SYSTEM, values=given)


def start(campaign: Campaign) -> Campaign:
    """On the schedule, and queued as far as it goes now."""
    schedule_campaign(actor=SYSTEM, record=campaign)
    advance(campaign.pk)
    campaign.refresh_from_db()
    return campaign


def sent_to(campaign: Campaign, contact: Contact) -> Recipient:
    """The row of a person."""
    return Recipient.objects.get(campaign=campaign, contact=contact)
