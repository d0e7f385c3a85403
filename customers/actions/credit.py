"""How much a customer may owe, and what an agency says of it."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.jobs.broker import enqueue_on_commit

from ..figures.credit import compute_credit
from ..figures.credit_sources import Report, credit_source
from ..figures.risk import compute_risk
from ..models import Credit, Customer
from .customers import locked


@action(permission="customers.credit")
def set_credit_limit(*, actor: Actor, customer: Customer, limit: Decimal | None, currency: str) -> Credit:
    """Sets how much a customer may owe at a time; no limit takes it away. Raises `Invalid`."""
    row = _credit_of(locked(actor, customer))
    if (row.limit, row.currency) == (limit, currency):
        return row
    row.limit, row.currency = limit, currency
    if limit is None:
        row.used, row.left_out, row.over_since = Decimal(0), 0, None
    try:
        row.full_clean()
    except ValidationError as error:
        raise Invalid(fields={name: texts[0] for name, texts in error.message_dict.items()}) from None
    row.save()
    compute_credit([row.customer_id])
    compute_risk([row.customer_id])
    row.refresh_from_db()
    record(actor=actor, type="customers.credit_set", subject=row.customer, data={"limit": row.limit_text or "--"})
    return row


@action(permission="customers.credit")
def ask_for_credit_report(*, actor: Actor, customer: Customer) -> None:
    """Asks the agency, after commit. Raises `Invalid` where none is set."""
    row = locked(actor, customer)
    if not credit_source().is_on:
        raise Invalid(_("No agency is set up. Whoever runs the product can set one."))
    enqueue_on_commit("customers.ask_for_credit", row.pk, queue="default")


@action()
def keep_credit_report(*, actor: Actor, customer: Customer, report: Report) -> Credit:
    """Keeps what an agency says, with its source and day."""
    row = _credit_of(locked(actor, customer))
    row.score, row.source, row.reported_on, row.remark = report.score, report.source, report.reported_on, report.remark
    row.asked_at, row.ask_error = clock.now(), ""
    row.save()
    compute_risk([row.customer_id])
    data = {"source": report.source, "score": report.score}
    record(actor=actor, type="customers.credit_reported", subject=row.customer, data=data)
    return row


@action()
def keep_credit_failure(*, actor: Actor, customer: Customer, reason: str) -> None:
    """Keeps why there is no report; an older one stays."""
    row = _credit_of(locked(actor, customer))
    row.asked_at, row.ask_error = clock.now(), reason[:200]
    row.save()


def _credit_of(customer: Customer) -> Credit:
    found = Credit.objects.select_for_update(no_key=True).filter(customer=customer).first()
    return found or Credit(customer=customer, currency=customer.brand.currency)
