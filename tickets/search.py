"""Tickets as search finds them: by number, subject, who asked, and everything said, notes included."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.activity.models import Activity
from crm.messaging.models import Message
from crm.search.declarations import Document, SearchDocument, search_documents

from .models import Ticket

_OWN = (
    "tickets.submitted", "tickets.replied", "tickets.noted", "tickets.customer_replied", "tickets.resolved",
    "tickets.reopened", "tickets.updated", "tickets.deleted", "tickets.restored", "tickets.erased",
    "tickets.part_opened", "tickets.part_finished", "tickets.merged", "tickets.unmerged",
)  # fmt: skip
_OF_THE_CUSTOMER = ("customers.updated", "customers.contact_updated")


def rows(ids: Sequence[int]) -> Iterator[Document]:
    """Tickets with what was said, newest first. Internal notes are for staff, as search is."""
    tickets = list(Ticket.objects.filter(pk__in=ids).select_related("customer", "contact"))
    said: dict[int, list[str]] = defaultdict(list)
    duplicates = Ticket.objects.filter(merged_into__in=ids).values_list(
        "conversation_id", "merged_into__conversation_id"
    )
    holder = dict(duplicates)
    messages = Message.objects.filter(conversation__in=[*(row.conversation_id for row in tickets), *holder])
    for conversation_id, body in messages.order_by("-created_at", "-pk").values_list("conversation_id", "body"):
        said[conversation_id].append(body)
        if conversation_id in holder:
            said[holder[conversation_id]].append(body)
    for row in tickets:
        yield Document(
            id=row.pk,
            title=row.subject,
            number=row.label,
            at=row.last_message_at,
            names=list(dict.fromkeys([row.customer.name, row.contact.name])),
            mails=[row.reply_email] if row.reply_email else [],
            phones=[row.reply_phone] if row.reply_phone else [],
            body=[*said[row.conversation_id], *([row.solution] if row.solution else []), *_answers(row)],
        )


def _answers(ticket: Ticket) -> list[str]:
    """What was answered in words: an order number, a room, a device."""
    return [value for value in ticket.custom.values() if isinstance(value, str)]


def address(document: Document) -> str:
    return reverse("tickets:ticket_detail", args=[document.number.removeprefix("#")])


def touched(activity: Activity) -> Iterable[int]:
    """The ticket itself and those merged with it, or those of a customer whose (or whose person's) name may have
    changed.
    """
    if activity.kind_key == "ticket":
        merged = Ticket.objects.filter(merged_into=activity.object_id).values_list("pk", flat=True)
        return {activity.object_id, activity.data.get("into_id", activity.object_id), *merged}
    return Ticket.objects.filter(customer_id=activity.object_id).values_list("pk", flat=True)


search_documents.register(
    SearchDocument(
        key="ticket",
        label=_("Tickets"),
        permission="tickets.view",
        addresses="customers.reveal",
        rows=rows,
        visible=Ticket.objects.visible_to,
        url=address,
        stale_on=(*_OWN, *_OF_THE_CUSTOMER),
        touched=touched,
        order=10,
    )
)
