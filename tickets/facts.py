from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.core.actor import Actor
from crm.core.sockets import Fact, Glance, Headline, facts, headlines
from customers.models import Customer

from .cells import until_text
from .standing import scores_of, standing_of

#: Scores up to this one are bad.
BAD_SCORE = 2


def open_complaint(actor: Actor, customer: Customer) -> Any:
    """Whether a complaint is not resolved yet."""
    count = standing_of(actor, customer).complaints
    return (
        ngettext("%(count)s open complaint", "%(count)s open complaints", count) % {"count": count} if count else None
    )


def broken_promise(actor: Actor, customer: Customer) -> Any:
    """Whether an unresolved ticket is past its deadline."""
    count = standing_of(actor, customer).breached
    return (
        ngettext("%(count)s ticket overdue", "%(count)s tickets overdue", count) % {"count": count} if count else None
    )


def bad_last_rating(actor: Actor, customer: Customer) -> Any:
    """Whether the last rating that the customer gave was a bad one."""
    scores = scores_of(actor, customer)
    if not scores or scores[0] > BAD_SCORE:
        return None
    return _("Last satisfaction: %(score)s of 5") % {"score": scores[0]}


def open_tickets(actor: Actor, customer: Customer) -> Glance:
    """How many tickets are open, and how the most pressing of them stands with its deadline."""
    now = standing_of(actor, customer)
    note, tone = "", "neutral"
    if now.breached:
        note, tone = broken_promise(actor, customer), "danger"
    elif now.next_due_at is not None:
        note, tone = until_text(now.next_due_at), "warning" if now.at_risk else "neutral"
    return Glance(now.open, _tickets_url(actor, customer, "unresolved=true") if now.open else "", note, tone)


def satisfaction(actor: Actor, customer: Customer) -> Glance | None:
    """The mean of the latest scores, and of how many it is."""
    scores = scores_of(actor, customer)
    if not scores:
        return Glance(_t("Not rated"))
    mean = number_format(round(sum(scores) / len(scores), 1), decimal_pos=1)
    note = ngettext("last verdict", "last %(count)s verdicts", len(scores)) % {"count": len(scores)}
    tone = "danger" if sum(scores) <= BAD_SCORE * len(scores) else "neutral"
    return Glance(_t("%(mean)s of 5") % {"mean": mean}, _tickets_url(actor, customer, "rated=true"), note, tone)


def _tickets_url(actor: Actor, customer: Customer, narrowed: str) -> str:
    """The list for those who may open tickets; the outline on the customer's page for everybody else."""
    if actor.can("tickets.view"):
        return f"{reverse('tickets:ticket_list')}?view=all&customer={customer.number}&{narrowed}"
    return f"{reverse('customers:customer_detail', args=[customer.number])}?tab=tickets.all"


facts.register(
    Fact("tickets.bad_rating", "customer", _("Satisfaction"), "warning", bad_last_rating, "customers.view", 30),
    Fact("tickets.complaint", "customer", _("Complaint"), "danger", open_complaint, "customers.view", 10),
    Fact("tickets.overdue", "customer", _("Overdue"), "warning", broken_promise, "customers.view", 20),
)
headlines.register(
    Headline("tickets.open", "customer", _("Open tickets"), open_tickets, "customers.view", 10),
    Headline("tickets.satisfaction", "customer", _("Satisfaction"), satisfaction, "customers.view", 20),
)
