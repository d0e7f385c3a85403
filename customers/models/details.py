"""What belongs to one customer: who works with them, where they are, to whom an invoice is made out."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core.models import BaseModel

from ..choices import AddressKind
from ..querysets import OfCustomerQuerySet


class Collaborator(BaseModel):
    """A colleague who works with a customer beside its owner, and sees what the owner sees of it."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="collaborators")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")

    objects = OfCustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("collaborator")
        verbose_name_plural = _("collaborators")
        constraints = [models.UniqueConstraint(fields=["customer", "user"], name="one_collaboration")]
        indexes = [models.Index(fields=["user", "customer"], name="collaboration_by_user")]


class Address(BaseModel):
    """A place of a customer. The main one of a kind is offered first."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="addresses")
    kind = models.CharField(_("kind"), max_length=10, choices=AddressKind.choices, default=AddressKind.SHIPPING)
    recipient = models.CharField(_("recipient"), max_length=100, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    country = models.CharField(_("country"), max_length=60, blank=True)
    region = models.CharField(_("province or state"), max_length=60, blank=True)
    city = models.CharField(_("city"), max_length=60, blank=True)
    line = models.CharField(_("street and number"), max_length=200)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    is_main = models.BooleanField(_("main"), default=False)

    objects = OfCustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering = ["kind", "-is_main", "pk"]

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.line, self.city, self.region, self.postcode, self.country)))


class BillingTitle(BaseModel):
    """To whom invoices are made out, 开票抬头. The main one is offered first."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="billing_titles")
    title = models.CharField(_("billing title"), max_length=200)
    tax_number = models.CharField(_("tax number"), max_length=30, blank=True)
    address = models.CharField(_("registered address"), max_length=200, blank=True)
    phone = models.CharField(_("registered phone"), max_length=40, blank=True)
    bank = models.CharField(_("bank"), max_length=120, blank=True)
    bank_account = models.CharField(_("bank account"), max_length=40, blank=True)
    is_main = models.BooleanField(_("main"), default=False)

    objects = OfCustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("billing title")
        verbose_name_plural = _("billing titles")
        ordering = ["-is_main", "pk"]

    def __str__(self) -> str:
        return self.title
