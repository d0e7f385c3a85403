"""Base models, and the brand that every customer-facing row belongs to."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from . import clock, names
from .history import tracked
from .querysets import BaseQuerySet, CatalogueQuerySet
from .translated import TranslatedField


class BaseModel(models.Model):
    """Created and updated moments, and a queryset that knows access."""

    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), default=clock.now, editable=False)

    objects = BaseQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            self.updated_at = clock.now()
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "updated_at"}
        super().save(*args, **kwargs)


class NamedModel(BaseModel):
    """A row known by a name in any language, with keys to sort and to search by."""

    name = models.CharField(_("name"), max_length=200)
    sort_key = models.CharField(max_length=255, editable=False, db_index=True)
    search_key = models.CharField(max_length=400, editable=False)

    class Meta(BaseModel.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fill_keys()
        if kwargs.get("update_fields") is not None and "name" in kwargs["update_fields"]:
            kwargs["update_fields"] = {*kwargs["update_fields"], "sort_key", "search_key"}
        super().save(*args, **kwargs)

    def fill_keys(self) -> None:
        """Brings the keys to the name; `save` does so itself, whoever uses `bulk_create` calls it before."""
        self.sort_key, self.search_key = names.sort_key(self.name), names.search_key(self.name)


def live_manager(queryset: type[BaseQuerySet]) -> Any:
    """A default manager that leaves deleted rows out; `all_objects` still has them."""

    class LiveManager(models.Manager.from_queryset(queryset)):  # type: ignore[misc]
        def get_queryset(self) -> Any:
            return super().get_queryset().filter(deleted_at__isnull=True)

    return LiveManager()


class DeletableModel(models.Model):
    """Deletion is a moment and a person; the row stays for the recycle bin. Set `objects = live_manager(…)`."""

    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_by_id = models.BigIntegerField(null=True, blank=True, editable=False)

    all_objects = models.Manager()

    class Meta:
        abstract = True


#: The condition of a partial unique index on a deletable model.
LIVE = Q(deleted_at__isnull=True)
#: The condition of the index that the recycle bin reads.
BINNED = Q(deleted_at__isnull=False)


def all_languages() -> list[str]:
    """Every language of the product."""
    return [code for code, _name in settings.LANGUAGES]


@tracked()
class Brand(BaseModel):
    """A face of the company towards customers: name, sender, language, zone, host. One row is seeded."""

    key = models.SlugField(unique=True)
    name = TranslatedField(_("name"), max_length=80)
    host = models.CharField(_("host name"), max_length=200, blank=True)
    sender_name = TranslatedField(_("sender name"), max_length=80, blank=True)
    sender_email = models.EmailField(_("sender address"))
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    timezone = models.CharField(_("time zone"), max_length=60, default="Asia/Shanghai")
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    #: What customers may read the public pages in; `language` is the one of those that is used when theirs is unknown.
    languages = ArrayField(models.CharField(max_length=10), verbose_name=_("languages"), default=all_languages)
    is_default = models.BooleanField(default=False)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brands")
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="one_default_brand")
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def base_url(self) -> str:
        """Where this brand's customers find it: its own host, else the installation's address."""
        scheme = settings.BASE_URL.split("://")[0]
        return f"{scheme}://{self.host}" if self.host else str(settings.BASE_URL)

    @classmethod
    def default(cls) -> Brand:
        """The seeded brand, or whichever the administrator made the default."""
        return cls.objects.get(is_default=True)


class ExchangeRate(BaseModel):
    """What one unit of a currency costs in the company's currency from a day on, until a later rate begins.

    base: the company's currency when it was entered, so that a company which changes its own misreads none.
    """

    currency = models.CharField(_("currency"), max_length=3)
    base = models.CharField(_("company currency"), max_length=3)
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=8)
    valid_from = models.DateField(_("valid from"))

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering = ["currency", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["base", "currency", "valid_from"], name="one_rate_a_day"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="rate_above_zero"),
            models.CheckConstraint(condition=~Q(currency=models.F("base")), name="rate_of_another_currency"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.rate.normalize():f} {self.base}"


class RateBucket(models.Model):
    """A fixed window of attempts under one key, for limits that must hold across processes."""

    key = models.CharField(max_length=120)
    window = models.DateTimeField()
    count = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="one_bucket_per_window")]
        indexes = [models.Index(fields=["window"], name="core_bucket_window")]


class Installation(models.Model):
    """This copy of the product: at most one row, read and written through `core.installation` and `core.switches`.

    While `held_at` is set nothing leaves it. apps_off: labels of apps that the company does not use. steps_skipped:
    keys of first steps that somebody said are not needed; steps_hidden_at: when the list of first steps was put away.
    Every column has a default of the database: a restore writes the row without knowing the others.
    """

    ONLY = 1

    id = models.SmallIntegerField(primary_key=True, default=ONLY)
    held_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    apps_off = ArrayField(models.CharField(max_length=40), default=list, db_default=[])
    steps_skipped = ArrayField(models.CharField(max_length=80), default=list, db_default=[])
    steps_hidden_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_installation")]


class DemoRun(models.Model):
    """One loading of demo data and what it put in, so that exactly that can be taken out again.

    ledger: what was there before and what came, by table, as `console.demo_data` describes it, with "v".
    """

    seed = models.IntegerField()
    tickets = models.IntegerField()
    customers = models.IntegerField()
    loaded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    ledger = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(models.Value(1), condition=Q(removed_at__isnull=True), name="one_demo_at_a_time")
        ]
