"""People at customers, and the addresses by which they are recognised."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core.models import LIVE, BaseModel, DeletableModel, NamedModel, live_manager

from ..choices import ContactRole, IdentityKind
from ..querysets import ContactQuerySet, IdentityQuerySet


class Contact(DeletableModel, NamedModel):
    """A person. A private customer is its own single contact. user: set for a colleague who asks other departments.

    merged_into: the same person, whom this row became part of; then it is deleted.
    """

    customer = models.ForeignKey(
        "customers.Customer", verbose_name=_("customer"), on_delete=models.CASCADE, related_name="contacts"
    )
    job_title = models.CharField(_("job title"), max_length=80, blank=True)
    role = models.CharField(_("part in decisions"), max_length=12, choices=ContactRole.choices, blank=True)
    preferred_channel = models.CharField(
        _("preferred way to be reached"), max_length=10, choices=IdentityKind.choices, blank=True
    )
    custom = models.JSONField(default=dict, editable=False)
    language = models.CharField(_("language"), max_length=10, blank=True)
    timezone = models.CharField(_("time zone"), max_length=60, blank=True)
    is_primary = models.BooleanField(_("main contact"), default=False)
    user = models.OneToOneField(
        "accounts.User", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="contact"
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="merged"
    )

    objects = live_manager(ContactQuerySet)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [
            models.Index(fields=["customer", "sort_key"], condition=LIVE, name="contact_by_customer"),
            models.Index(fields=["created_at", "id"], condition=LIVE, name="contact_by_creation"),
            models.Index(fields=["updated_at", "id"], condition=LIVE, name="contact_by_change"),
            GinIndex(fields=["search_key"], name="contact_search_trgm", opclasses=["gin_trgm_ops"]),
        ]


class Identity(DeletableModel, BaseModel):
    """A mail address (lower case), phone number (E.164) or chat id of one contact.

    verified_at is set once somebody proved to read what is sent there.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="identities")
    kind = models.CharField(_("kind"), max_length=10, choices=IdentityKind.choices)
    value = models.CharField(_("value"), max_length=254)
    is_primary = models.BooleanField(_("main"), default=False)
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)

    objects = live_manager(IdentityQuerySet)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint(fields=["kind", "value"], condition=LIVE, name="one_contact_per_identity")
        ]
        indexes = [GinIndex(fields=["value"], name="identity_value_trgm", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.value
