"""What the customer does with a quote on its page, and what time does."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.text import clean_line

from ..choices.quotes import QuoteState
from ..exceptions.quotes import QuoteChanged, QuoteNotOpen
from ..models import Opportunity, Quote
from .lines import store_lines
from .opportunities import tell as tell_opportunity
from .quotes import line_of, tell


@action()
def accept_quote(*, actor: Actor, quote: Quote, name: str, agrees: bool, address: str, content_hash: str) -> Quote:
    """The customer accepts what their page showed: name, moment, network address and the exact content are kept.

    Accepting again changes nothing. Its opportunity takes over the lines and the amount. Raises `Invalid` with
    `fields`, `QuoteNotOpen`, `QuoteChanged` when the content is not what was shown.
    """
    who = clean_line(name, 120)
    wrong: dict[str, object] = {} if who else {"name": _("Enter your name")}
    if not agrees:
        wrong["agrees"] = _("Please confirm that you accept this quote")
    if wrong:
        raise Invalid(fields=wrong)
    row = _locked(quote)
    if row.state == QuoteState.ACCEPTED and row.decided_hash == content_hash:
        return row
    _require_open(row)
    if content_hash != row.content_hash:
        raise QuoteChanged
    _decide(row, QuoteState.ACCEPTED, who, address)
    row.decided_hash = content_hash
    row.save()
    tell(actor, "quotes.accepted", row, {"who": who, "version": row.version})
    _follow(row)
    return row


@action()
def decline_quote(*, actor: Actor, quote: Quote, name: str, reason: str, address: str) -> Quote:
    """The customer does not want it. Declining again changes nothing. Raises `Invalid`, `QuoteNotOpen`."""
    who, why = clean_line(name, 120), clean_line(reason, 400)
    if not who:
        raise Invalid(fields={"name": _("Enter your name")})
    row = _locked(quote)
    if row.state == QuoteState.REJECTED:
        return row
    _require_open(row)
    _decide(row, QuoteState.REJECTED, who, address)
    row.reason = why
    row.save()
    tell(actor, "quotes.declined", row, {"who": who, "text": why})
    return row


@action()
def note_opened(*, actor: Actor, quote: Quote) -> None:
    """Counts a look at the customer's page."""
    row = _locked(quote)
    row.opened_count, row.last_opened_at = row.opened_count + 1, clock.now()
    row.save(update_fields=["opened_count", "last_opened_at"])


@action()
def expire_quotes(*, actor: Actor, limit: int = 200) -> int:
    """Ends sent quotes whose last day has passed. Returns how many."""
    today = timezone.localdate(clock.now())
    due = Quote.objects.sent().filter(valid_until__lt=today).order_by("pk")
    rows = list(due.select_for_update(skip_locked=True, no_key=True, of=("self",))[:limit])
    for row in rows:
        row.state = QuoteState.EXPIRED
        row.save(update_fields=["state"])
        tell(actor, "quotes.expired", row)
    return len(rows)


def _locked(quote: Quote) -> Quote:
    """Locks every version before the one that is decided on, so that two cannot be accepted at once."""
    family = Quote.objects.filter(brand=quote.brand_id, year=quote.year, number=quote.number)
    list(family.lock().values_list("pk"))
    row: Quote = Quote.objects.select_related("customer", "contact", "brand", "opportunity").get(pk=quote.pk)
    return row


def _require_open(row: Quote) -> None:
    if not row.is_open or row.has_lapsed(timezone.localdate(clock.now())):
        raise QuoteNotOpen


def _decide(row: Quote, state: QuoteState, who: str, address: str) -> None:
    row.state, row.decided_at, row.decided_by_name = state, clock.now(), who
    row.decided_from = address if address != "unknown" else None


def _follow(quote: Quote) -> None:
    """The open opportunity is worth what was accepted; winning it stays a person's decision."""
    deal = Opportunity.objects.open().lock().filter(pk=quote.opportunity_id or 0).first()
    if deal is None:
        return
    deal.currency, deal.tax_included = quote.currency, quote.tax_included
    deal.save(update_fields=["currency", "tax_included"])
    store_lines(deal, [line_of(line) for line in quote.lines.select_related("product")])
    tell_opportunity(Actor.system(), "opportunities.lines_set", deal, {"count": quote.lines.count()})
