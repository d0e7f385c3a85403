"""Sending a quote: number, PDF, mail and page come into the world together."""

from __future__ import annotations

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.text import clean_text, masked_email

from ..choices.quotes import QuoteState
from ..exceptions.quotes import NotReadyToSend
from ..models import Quote, QuoteCounter
from ..paper.pdf import render
from ..quoting.snapshot import hash_of
from .paper_mail import mail_paper
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
    if row.has_lapsed(clock.today()):
        raise Invalid(_("The last day of this quote has passed. Choose a later day first."))
    _number(row)
    row.state, row.sent_at, row.sent_to = QuoteState.SENT, clock.now(), to_email.strip()
    row.content_hash = hash_of(row)
    row.save()
    _replace_former(actor, row)
    message = mail_paper(
        actor, row, template="quotes.sent", text=text, to_email=row.sent_to, pdf=render(row),
        to_name=to_name or (row.contact.name if row.contact else row.customer.name), values=_words(actor, row, text),
    )  # fmt: skip
    row.save(update_fields=["conversation"])
    tell(actor, "quotes.sent", row, {"to": masked_email(row.sent_to), "text": message.body})
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


def _words(actor: Actor, quote: Quote, text: str) -> dict[str, str]:
    """What the mail may name, in the quote's language."""
    with translation.override(quote.language):
        return {
            "quote.number": quote.label, "quote.name": quote.name, "quote.total": quote.total_text,
            "quote.until": date_format(quote.valid_until), "quote.link": page_url(quote),
            "quote.text": clean_text(text), "agent.name": actor.label,
        }  # fmt: skip
