"""Colleagues as people of the own company, so that they can ask other departments as customers do."""

from __future__ import annotations

from crm.accounts.models import User
from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotFound
from crm.core.models import Brand

from ..choices import CustomerKind, IdentityKind, Source, Stage
from ..models import Contact, Customer, Identity
from .recognition import lock_words


@action()
def contact_of_colleague(*, actor: Actor) -> Contact:
    """The actor, a member of staff, as a contact of the own company; made when they ask for the first time.

    Name, language and time zone follow the user. A mail address that is a customer's already stays theirs. Raises
    `NotFound` for anybody but staff.
    """
    if actor.user_id is None:
        raise NotFound
    user = User.objects.get(pk=actor.user_id)
    lock_words(f"colleague:{user.pk}")
    contact = Contact.objects.select_related("customer__brand").filter(user=user).first()
    facts = {"name": user.name, "language": user.language, "timezone": user.timezone}
    if contact is not None:
        if any(getattr(contact, name) != value for name, value in facts.items()):
            for name, value in facts.items():
                setattr(contact, name, value)
            contact.save()
        return contact
    Contact.all_objects.filter(user=user).update(user=None)  # one in the recycle bin
    company = _own_company(actor)
    contact = Contact.objects.create(customer=company, user=user, **facts)
    email = user.email.lower()
    if not Identity.objects.filter(kind=IdentityKind.EMAIL, value=email).exists():
        Identity.objects.create(
            contact=contact, kind=IdentityKind.EMAIL, value=email, is_primary=True, verified_at=clock.now()
        )
    record(actor=actor, type="customers.contact_added", subject=company, anchors=[contact], data={"name": contact.name})
    return contact


def _own_company(actor: Actor) -> Customer:
    """The default brand's own company, made when the first colleague asks."""
    brand = Brand.default()
    lock_words(f"own-company:{brand.pk}")
    company = Customer.objects.filter(brand=brand, is_internal=True).first()
    if company is None:
        company = Customer.objects.create(
            brand=brand, name=brand.name.in_language(brand.language), kind=CustomerKind.COMPANY, source=Source.STAFF,
            stage=Stage.ACTIVE, language=brand.language, timezone=brand.timezone, is_internal=True,
        )  # fmt: skip
        record(actor=actor, type="customers.created", subject=company, data={"name": company.name})
    return company
