"""Asking for credit reports: read whom it is about, ask outside any transaction, keep what was said."""

from __future__ import annotations

import datetime as dt

from crm.core import clock
from crm.core.actor import Actor
from crm.core.installation import sends
from crm.jobs.broker import enqueue

from ..actions.credit import keep_credit_failure, keep_credit_report
from ..choices import CustomerKind
from ..models import Credit, Customer
from .credit_sources import NoReport, Question, credit_source
from .levels import level_settings

#: How many are asked about in one run of the sweep.
BATCH = 20
#: Nobody asks again sooner, also after a failure.
PAUSE = dt.timedelta(hours=12)


def ask(customer_id: int) -> bool:
    """Asks about one customer and keeps the answer, or why there is none. True when there is a report.

    A restored copy asks nobody.
    """
    source = credit_source()
    customer = Customer.objects.select_related("brand").filter(pk=customer_id).first()
    if customer is None or not source.is_on or not sends():
        return False
    try:
        report = source.ask(Question(customer.registration_code, customer.name, customer.label))
    except NoReport as error:
        keep_credit_failure(actor=Actor.system(), customer=customer, reason=str(error))
        return False
    keep_credit_report(actor=Actor.system(), customer=customer, report=report)
    return True


def ask_due() -> int:
    """Hands companies with a credit limit whose report is old to the workers. Returns how many."""
    days = level_settings().credit_days
    if not days or not credit_source().is_on or not sends():
        return 0
    now = clock.now()
    rows = Credit.objects.filter(limit__isnull=False, customer__kind=CustomerKind.COMPANY)
    rows = rows.filter(customer__deleted_at__isnull=True)
    never, old = rows.filter(asked_at__isnull=True), rows.filter(asked_at__lt=now - PAUSE)
    old = old.filter(reported_on__isnull=True) | old.filter(reported_on__lt=clock.today() - dt.timedelta(days=days))
    # What was asked and not answered waits as long as an old report does, so that a silent agency is left alone.
    old = old.filter(asked_at__lt=now - dt.timedelta(days=min(days, 7)))
    due = list((never | old).order_by("asked_at", "pk").values_list("customer_id", flat=True)[:BATCH])
    for pk in due:
        enqueue("customers.ask_for_credit", pk, queue="bulk")
    return len(due)
