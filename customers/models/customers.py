"""Companies and persons that the company serves."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core.containing import Characters
from crm.core.models import BINNED, LIVE, DeletableModel, NamedModel, live_manager
from crm.core.numbering import next_number

from ..choices import CustomerKind, Source, Stage
from ..querysets import CustomerQuerySet

NUMBER_SEQUENCE = "customer_number_seq"


class Customer(DeletableModel, NamedModel):
    """A company, or a person who buys for themselves. Known by a number such as C-10482.

    parent: the company it belongs to. registration_code: 统一社会信用代码, 18 signs with a check sign. custom: custom
    field key → plain JSON value. last_interaction_at: when somebody last talked with them, by `log_interaction`.
    merged_into: the customer it became part of; then it is deleted, and its address leads there.
    is_internal: the brand's own company, whose contacts are colleagues; customer lists leave it out.
    """

    number = models.BigIntegerField(_("number"), unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=CustomerKind.choices, default=CustomerKind.COMPANY)
    stage = models.CharField(_("lifecycle stage"), max_length=10, choices=Stage.choices, default=Stage.NEW)
    source = models.CharField(_("source"), max_length=10, choices=Source.choices, default=Source.STAFF)
    owner = models.ForeignKey(
        "accounts.User",
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="owned_customers",
    )
    department = models.ForeignKey(
        "accounts.Department",
        verbose_name=_("department"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="customers",
    )
    brand = models.ForeignKey("core.Brand", on_delete=models.PROTECT, related_name="customers")
    industry = models.CharField(_("industry"), max_length=60, blank=True)
    website = models.URLField(_("website"), blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    timezone = models.CharField(_("time zone"), max_length=60, blank=True)
    note = models.TextField(_("note"), blank=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent company"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="subsidiaries",
    )
    registration_code = models.CharField(_("registration code"), max_length=18, blank=True)
    custom = models.JSONField(default=dict, editable=False)
    last_interaction_at = models.DateTimeField(_("last follow-up"), null=True, blank=True, editable=False)
    is_internal = models.BooleanField(_("own company"), default=False, editable=False)

    merged_into = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="merged"
    )

    objects = live_manager(CustomerQuerySet)

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        indexes = [
            models.Index(fields=["owner", "-created_at"], condition=LIVE, name="customer_by_owner"),
            models.Index(fields=["department", "-created_at"], condition=LIVE, name="customer_by_department"),
            models.Index(fields=["-created_at", "-id"], condition=LIVE, name="customer_newest"),
            models.Index(fields=["updated_at", "id"], condition=LIVE, name="customer_by_change"),
            models.Index(fields=["-deleted_at"], condition=BINNED, name="customer_binned"),
            models.Index(fields=["parent"], condition=LIVE, name="customer_by_parent"),
            models.Index(fields=["last_interaction_at"], condition=LIVE, name="customer_by_interaction"),
            GinIndex(fields=["search_key"], name="customer_search_trgm", opclasses=["gin_trgm_ops"]),
            GinIndex(Characters("search_key"), name="customer_search_chars"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["registration_code"],
                condition=LIVE & ~models.Q(registration_code=""),
                name="one_customer_per_registration",
            ),
            models.UniqueConstraint(
                fields=["brand"], condition=LIVE & models.Q(is_internal=True), name="one_own_company_per_brand"
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.number is None:
            self.number = next_number(NUMBER_SEQUENCE)
        super().save(*args, **kwargs)

    @property
    def label(self) -> str:
        """The number as people write it."""
        return f"C-{self.number}"
