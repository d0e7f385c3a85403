"""Sending a quote: number, PDF, mail and page come into the world together."""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.text import clean_text
from crm.files.actions import attach_file
from crm.messaging.actions import add_message, open_conversation, queue_mail
from crm.messaging.models import Message

from ..choices.quotes import QuoteState
from ..exceptions.quotes import NotReadyToSend
from ..models import Quote, QuoteCounter
from ..paper.pdf import render
from ..quoting.snapshot import hash_of
from .quotes import locked, tell


def page_url(quote: Quote) -> str:
    """The customer's page of a sent quote, under the brand's public address."""
    return f"{quote.brand.base_url}{reverse('quotes:public', args=[quote.token])}"


@action(permission="quotes.send")
def send_quote(*, actor: Actor, quote: Quote, to_email: str, text: str, to_name: str = "") -> Quote:
    """Gives the number, attaches the PDF, mails it with the words and the link, and replaces the former version.

    Raises `NotReadyToSend`, `Invalid` for an address or an empty text, `NotFound`.
    """
    row = locked(actor, quote)
    if row.state != QuoteState.APPROVED:
        raise NotReadyToSend
    if row.has_lapsed(clock.now().date()):
        raise Invalid(_("The last day of this quote has passed. Choose a later day first."))
    if not clean_text(text):
        raise Invalid(fields={"text": _("Write a few words to the customer")})
    if row.conversation is None:
        row.conversation = open_conversation(
            actor=actor, brand=row.brand, subject=row.name, channel="email", language=row.language
        )
    _number(row)
    row.state, row.sent_at, row.sent_to = QuoteState.SENT, clock.now(), to_email.strip()
    row.content_hash = hash_of(row)
    row.save()
    _replace_former(actor, row)
    message = add_message(
        actor=actor, conversation=row.conversation, direction="outbound", body=text, language=row.language
    )
    _mail(actor, row, message, to_name or (row.contact.name if row.contact else row.customer.name))
    tell(actor, "quotes.sent", row, {"to": row.sent_to, "text": message.body})
    return row


def _number(quote: Quote) -> None:
    """The next number of the brand's year, the last thing that is taken; versions keep theirs."""
    if quote.number is not None:
        return
    year = clock.now().year
    QuoteCounter.objects.get_or_create(brand=quote.brand, year=year)
    counter = QuoteCounter.objects.select_for_update().get(brand=quote.brand, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    quote.year, quote.number = year, counter.last


def _replace_former(actor: Actor, quote: Quote) -> None:
    """Earlier versions that the customer might still accept are void from now on."""
    former = Quote.objects.filter(brand=quote.brand, year=quote.year, number=quote.number).exclude(pk=quote.pk).lock()
    if any(row.state == QuoteState.ACCEPTED for row in former):
        raise NotReadyToSend(_("The customer has accepted an earlier version meanwhile."))
    for row in former:
        if row.state in (QuoteState.SENT, QuoteState.EXPIRED):
            row.state = QuoteState.VOID
            row.save(update_fields=["state"])
            tell(actor, "quotes.replaced", row, {"by": quote.label})


def _mail(actor: Actor, quote: Quote, message: Message, to_name: str) -> None:
    pdf = render(quote)
    name = f"{quote.label}.pdf"
    attach_file(actor=actor, kind="quote", object_id=quote.pk, name=name, file=ContentFile(pdf, name))
    with translation.override(quote.language):
        values = {
            "quote.number": quote.label, "quote.name": quote.name, "quote.total": quote.total_text,
            "quote.until": date_format(quote.valid_until), "quote.link": page_url(quote), "quote.text": message.body,
            "agent.name": actor.label,
        }  # fmt: skip
    mail = queue_mail(
        actor=actor, template_key="quotes.sent", to_email=quote.sent_to, to_name=to_name, language=quote.language,
        values=values, brand=quote.brand, related=message, conversation=quote.conversation,
    )  # fmt: skip
    if mail is not None:
        attach_file(actor=actor, kind="outgoing_mail", object_id=mail.pk, name=name, file=ContentFile(pdf, name))
