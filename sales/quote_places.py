"""Where quotes appear elsewhere: rail, palette, panels, facts, files, search, hand-over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.activity.models import Activity
from crm.core.actor import Actor
from crm.core.errors import Conflict
from crm.search.declarations import Document, SearchDocument

from .actions.quotes import hand_over
from .models import Opportunity, Quote, QuoteLine
from .quote_choices import TONES, QuoteState

#: How many a panel shows.
IN_PANEL = 6


def quotes_of(actor: Actor, record: Any) -> dict[str, Any]:
    """The latest quotes of a customer or an opportunity."""
    name = "opportunity" if isinstance(record, Opportunity) else "customer"
    rows = list(Quote.objects.visible_to(actor).filter(**{name: record}).order_by("-created_at", "-pk")[:IN_PANEL])
    address = reverse("quotes:quote_create", args=[record.customer_id if name == "opportunity" else record.pk])
    return {
        "quotes": [(row, TONES[QuoteState(row.state)]) for row in rows],
        "create_url": f"{address}?opportunity={record.pk}" if name == "opportunity" else address,
        "may_create": actor.can("quotes.create"),
    }


def won_by_quote(actor: Actor, deal: Any) -> Any:
    """Suggests to win an open opportunity whose quote was accepted."""
    if not deal.is_open or not Quote.objects.filter(opportunity=deal, state=QuoteState.ACCEPTED).exists():
        return None
    return _t("Quote accepted: mark it as won")


def file_visible(actor: Actor, object_id: int, attachment: Any) -> bool:
    """Files of a quote are opened by whoever may open it."""
    return Quote.objects.visible_to(actor).filter(pk=object_id).exists()


def mail_file_visible(actor: Actor, object_id: int, attachment: Any) -> bool:
    """What a mail carried is opened by whoever may look at outgoing mail."""
    return actor.can("messaging.manage_mail")


def documents(ids: Sequence[int]) -> Iterator[Document]:
    """Quotes by number, title, customer and what is offered."""
    offered: dict[int, list[str]] = {}
    for quote_id, name in QuoteLine.objects.filter(quote__in=ids).values_list("quote_id", "name"):
        offered.setdefault(quote_id, []).append(name)
    for row in Quote.objects.filter(pk__in=ids).select_related("customer"):
        yield Document(
            id=row.pk, title=str(row), number=row.label, at=row.created_at, names=[row.customer.name, row.name],
            body=offered.get(row.pk, []),
        )  # fmt: skip


def touched(activity: Activity) -> Iterable[int]:
    return [activity.object_id] if activity.kind_key == "quote" else []


def document_address(document: Document) -> str:
    return reverse("quotes:quote_detail", args=[document.id])


QUOTE_DOCUMENT = SearchDocument(
    "quote", _("Quotes"), "quotes.view", documents, Quote.objects.visible_to, document_address,
    ("quotes.created", "quotes.updated", "quotes.sent", "quotes.versioned"), touched, number_prefix="q", order=42,
)  # fmt: skip


def held(actor: Actor, user: User) -> Any:
    """The open quotes of a leaver."""
    over = (QuoteState.ACCEPTED, QuoteState.REJECTED, QuoteState.EXPIRED, QuoteState.VOID)
    return Quote.objects.visible_to(actor).filter(owner=user).exclude(state__in=over)


def move(actor: Actor, row: Quote, to: User) -> dict[str, Any]:
    hand_over(actor=actor, quote=row, to=to)
    return {"to": to.pk}


def undo(actor: Actor, user: User, row_id: int, memory: dict[str, Any]) -> None:
    row = Quote.objects.visible_to(actor).filter(pk=row_id, owner_id=memory["to"]).first()
    if row is None:
        raise Conflict
    hand_over(actor=actor, quote=row, to=user)
