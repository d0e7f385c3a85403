"""Who gets a campaign, and why the others of its segments do not.

One resolution serves the count before, the freezing at the start and the second look when somebody's turn comes.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db.models import CharField, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from crm.core import clock
from crm.messaging.models import SmsOptOut
from crm.messaging.sms.senders import sender
from customers.choices import IdentityKind
from customers.models import Consent, Contact, Customer, Identity, SegmentMember
from tickets.choices import TicketKind
from tickets.models import Ticket

from ..choices.campaigns import CampaignKind, Reason, RecipientState, SuppressedChannel, SuppressedFor
from ..models import Campaign, Recipient, Suppression, TopicRefusal

_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the segments. reason: why they get nothing, "" for those who get it."""

    contact_id: int
    customer_id: int
    name: str
    address: str
    language: str
    reason: str


def resolve(campaign: Campaign, *, only: Collection[int] | None = None) -> Iterator[Person]:
    """Every person of the segments' customers, each once, with the first reason that applies.

    only: ids of contacts that were chosen before and are looked at again, whatever the segments hold by now.
    """
    languages = dict(settings.LANGUAGES)
    reaches = sender().reaches if campaign.kind == CampaignKind.SMS else None
    mailboxes: set[str] = set()
    customers: set[int] = set()
    for row in _people(campaign, only).iterator(chunk_size=_CHUNK):
        language = next((code for code in (row["language"], row["theirs"]) if code in languages), "")
        person = Person(
            row["pk"], row["customer_id"], row["name"], row["address"], language or campaign.brand.language,
            _reason(row, campaign, reaches),
        )  # fmt: skip
        if only is None and not person.reason:
            if _mailbox(person.address) in mailboxes:
                person = replace(person, reason=Reason.TAKEN)
            elif campaign.one_per_customer and person.customer_id in customers:
                person = replace(person, reason=Reason.COLLEAGUE)
            else:
                mailboxes.add(_mailbox(person.address))
                customers.add(person.customer_id)
        yield person


def counted(campaign: Campaign) -> dict[str, Any]:
    """The audience as `Campaign.audience` keeps it: people in the segments, and how many of them each reason stops."""
    return summary(person.reason for person in resolve(campaign))


def summary(reasons: Any) -> dict[str, Any]:
    """The same of people that were resolved already."""
    found = Counter(reasons)
    people = sum(found.values())
    stopped = {str(reason): found[reason] for reason in Reason.values if found[reason]}
    return {"v": 1, "at": clock.now().isoformat(), "people": people, "reasons": stopped, "chosen": found[""]}


def _reason(row: dict[str, Any], campaign: Campaign, reaches: Any) -> str:
    """The first reason that applies, in the order of `Reason`."""
    if row["is_excluded"]:
        return Reason.EXCLUDED
    if not row["address"] or (reaches is not None and not reaches(row["address"])):
        return Reason.NO_ADDRESS
    if row["suppressed"]:
        return Reason.BOUNCED if row["suppressed"] == SuppressedFor.BOUNCE else Reason.SUPPRESSED
    if row["agreed"] is False or row["is_refused"] or row["is_opted_out"]:
        return Reason.UNSUBSCRIBED
    if row["agreed"] is None:
        return Reason.NO_CONSENT
    if row["has_complaint"] and campaign.holds_complaints:
        return Reason.COMPLAINT
    if campaign.cap_count and row["lately"] >= campaign.cap_count:
        return Reason.TOO_OFTEN
    return ""


def _people(campaign: Campaign, only: Collection[int] | None) -> QuerySet[Any]:
    """Contacts with everything `_reason` asks, main contacts of a customer first."""
    kind = IdentityKind.PHONE if campaign.kind == CampaignKind.SMS else IdentityKind.EMAIL
    channel = SuppressedChannel.SMS if campaign.kind == CampaignKind.SMS else SuppressedChannel.EMAIL
    rows = Contact.objects.filter(customer__in=Customer.objects.external())
    rows = rows.filter(customer__in=_members(campaign.segments)) if only is None else rows.filter(pk__in=only)
    address = Identity.objects.filter(contact=OuterRef("pk"), kind=kind).order_by("-is_primary", "pk").values("value")
    agreed = Consent.objects.filter(contact=OuterRef("pk"), channel=campaign.channel).order_by("-pk").values("granted")
    excluded = SegmentMember.objects.current().filter(
        segment__in=campaign.excluded.values("pk"), customer=OuterRef("customer_id")
    )
    complaints = Ticket.objects.filter(
        customer=OuterRef("customer_id"), request_type__kind=TicketKind.COMPLAINT
    ).unresolved()
    refused = TopicRefusal.objects.filter(contact=OuterRef("pk"), topic=campaign.topic_id or 0)
    rows = rows.annotate(
        address=Coalesce(Subquery(address[:1]), Value(""), output_field=CharField()),
        agreed=Subquery(agreed[:1]), is_excluded=Exists(excluded), has_complaint=Exists(complaints),
        is_refused=Exists(refused), theirs=Subquery(_language_of_customer()), lately=_lately(campaign),
    )  # fmt: skip
    stopped = Suppression.objects.filter(channel=channel, address=OuterRef("address")).values("reason")
    opted_out = SmsOptOut.objects.filter(phone=OuterRef("address"))
    rows = rows.annotate(suppressed=Subquery(stopped[:1]), is_opted_out=Exists(opted_out))
    return rows.order_by("customer_id", "-is_primary", "pk").values(
        "pk", "customer_id", "name", "language", "theirs", "address", "agreed", "is_excluded", "has_complaint",
        "is_refused", "lately", "suppressed", "is_opted_out",
    )  # fmt: skip


def _members(segments: Any) -> QuerySet[Any]:
    return SegmentMember.objects.current().filter(segment__in=segments.values("pk")).values("customer")


def _language_of_customer() -> QuerySet[Any]:
    return Customer.objects.filter(pk=OuterRef("customer_id")).values("language")[:1]


def _lately(campaign: Campaign) -> Any:
    """How many other campaigns of the channel reached the person, or are about to, in the last days."""
    since = clock.now() - dt.timedelta(days=campaign.cap_days)
    kinds = [CampaignKind.SMS] if campaign.kind == CampaignKind.SMS else [CampaignKind.MAIL, CampaignKind.EVENT]
    sent = Q(campaign__kind__in=kinds, campaign__sent_at__gte=since)
    if campaign.kind != CampaignKind.SMS:
        sent |= Q(campaign__kind=CampaignKind.STEP, created_at__gte=since)
    rows = Recipient.objects.filter(
        sent, contact=OuterRef("pk"), state__in=[RecipientState.QUEUED, RecipientState.SENT]
    ).exclude(campaign=campaign.pk)
    count = rows.order_by().values("contact").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(count[:1]), Value(0), output_field=IntegerField())


def _mailbox(address: str) -> str:
    """Where an address delivers: what stands behind a plus sign is a label of the same mailbox (RFC 5233)."""
    local, at, host = address.rpartition("@")
    return f"{local.partition('+')[0]}{at}{host}" if at else address
