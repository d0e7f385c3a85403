"""A lead becomes a customer, a person there, and a deal, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import DomainError, Invalid, NotFound
from customers.actions import add_contact, create_customer, record_consent
from customers.choices import ConsentChannel, CustomerKind, Source
from customers.models import Contact, Customer

from ..choices.leads import LeadSource, LeadStatus, SpanEnd
from ..choices.opportunities import OpportunitySource
from ..models import Lead
from .holding import end_span, locked_lead, workable
from .opportunities import create_opportunity

#: A customer's source by its lead's; what is not here counts as entered by staff.
_SOURCES = {
    LeadSource.WEB_FORM: Source.WEB_FORM, LeadSource.LANDING_PAGE: Source.WEB_FORM, LeadSource.IMPORT: Source.IMPORT,
    LeadSource.EMAIL: Source.EMAIL, LeadSource.PHONE: Source.PHONE,
}  # fmt: skip


@action(permission="leads.update", leaves_scope=True)
def convert_lead(
    *,
    actor: Actor,
    lead: Lead,
    customer: Customer | None = None,
    contact: Contact | None = None,
    customer_name: str = "",
    opportunity: Mapping[str, Any] | None = None,
) -> Lead:
    """Converts an open lead. Without `customer` one is made, named `customer_name`, else the company, else the person.

    Without `contact` the lead's person is added to the customer. opportunity: values of `create_opportunity` but the
    customer, the contact and the source; None for no deal. A converted lead is returned as it is, so that a form sent
    twice makes one of each. All or nothing. Raises `Invalid` with `fields`, `IdentityTaken`, and as
    `workable`;  `NotAllowed` or `NotFound` for what the actor may not make or see.
    """
    row = locked_lead(actor, lead)
    if row.status == LeadStatus.CONVERTED:
        return row
    row = workable(actor, row)
    at = _customer(actor, row, customer, contact, customer_name)
    person = contact or _person(actor, row, at)
    if person.customer_id != at.pk:
        raise Invalid(fields={"contact": _("Choose a contact of this customer")})
    if row.consent_text and contact is None:
        record_consent(
            actor=actor, contact=person, channel=ConsentChannel.SERVICE, granted=True, text=row.consent_text,
            version=row.consent_version, language=row.language,
        )  # fmt: skip
    deal = None
    if opportunity is not None:
        values = {"owner": row.owner, "source": OpportunitySource.LEAD, **opportunity}
        deal = create_opportunity(actor=actor, values={**values, "customer": at, "contact": person})
    row.status, row.converted_at, row.returns_at = LeadStatus.CONVERTED, clock.now(), None
    row.converted_customer, row.converted_contact = at, person
    row.converted_opportunity_id = deal.pk if deal is not None else None
    row.save()
    end_span(row, SpanEnd.CONVERTED)
    record(
        actor=actor, type="leads.converted", subject=row, anchors=[at, person, deal],
        data={"number": row.number, "name": row.name, "customer": at.name, "customer_number": at.number},
    )  # fmt: skip
    return row


def _customer(actor: Actor, lead: Lead, customer: Customer | None, contact: Contact | None, name: str) -> Customer:
    """The one chosen, the contact's, or a new one."""
    if contact is not None:
        if not Contact.objects.visible_to(actor).filter(pk=contact.pk).exists():
            raise NotFound
        if customer is not None and customer.pk != contact.customer_id:
            raise Invalid(fields={"contact": _("Choose a contact of this customer")})
        customer = contact.customer
    if customer is not None:
        found: Customer | None = Customer.objects.visible_to(actor).filter(pk=customer.pk).first()
        if found is None:
            raise NotFound
        return found
    kind = CustomerKind.COMPANY if lead.company else CustomerKind.PERSON
    values: dict[str, Any] = {
        "name": name or lead.company or lead.name, "kind": kind, "industry": lead.industry,
        "address": lead.region, "language": lead.language,
        "source": _SOURCES.get(LeadSource(lead.source), Source.STAFF),
    }  # fmt: skip
    if lead.owner is not None:
        values["owner"] = lead.owner
    return create_customer(actor=actor, values=values)


def _person(actor: Actor, lead: Lead, customer: Customer) -> Contact:
    """The lead's person, added to the customer. Its errors stand beside the contact of the form."""
    try:
        return add_contact(
            actor=actor, customer=customer, name=lead.name, job_title=lead.job_title, language=lead.language,
            emails=[lead.email] if lead.email else [], phones=[lead.phone] if lead.phone else [],
            chats={"wechat": lead.wechat} if lead.wechat else None,
        )  # fmt: skip
    except DomainError as error:
        if not error.fields:
            raise
        raise Invalid(fields={"contact": next(iter(error.fields.values()))}) from None
