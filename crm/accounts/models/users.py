"""Staff who sign in. Customers are contacts, never users."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core import names
from crm.core.history import tracked
from crm.core.models import NamedModel

from ..choices import Availability, Density, Theme
from ..querysets import UserQuerySet


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, email: str) -> Any:
        return self.get(email=email.strip().lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Any:
        """A user with a hashed password; without one the account cannot sign in."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user


@tracked(
    exclude=(
        "password", "last_login", "last_seen_at", "availability", "language", "timezone", "theme", "density",
        "rail_narrow", "single_keys", "absolute_time", "is_service",
    )
)  # fmt: skip
class User(NamedModel, AbstractBaseUser):
    """A member of staff, with preferences. Signs in by mail address.

    is_service: an application that works through tokens alone. It has no mailbox and no password, and stands in no list
    of people; `active()` leaves it out.
    """

    email = models.EmailField(_("email"), unique=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    job_title = models.CharField(_("job title"), max_length=80, blank=True)
    department = models.ForeignKey(
        "accounts.Department",
        verbose_name=_("department"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="users",
    )
    roles = models.ManyToManyField("accounts.Role", verbose_name=_("roles"), blank=True, related_name="users")
    is_active = models.BooleanField(_("active"), default=True)
    is_service = models.BooleanField(_("application"), default=False, db_default=False, editable=False)
    session_epoch = models.IntegerField(default=0, help_text="Raised to end every session.")

    language = models.CharField(_("language"), max_length=10, default="en")
    timezone = models.CharField(_("time zone"), max_length=60, default="Asia/Shanghai")
    theme = models.CharField(_("theme"), max_length=8, choices=Theme.choices, default=Theme.AUTO)
    density = models.CharField(_("density"), max_length=10, choices=Density.choices, default=Density.COMPACT)
    rail_narrow = models.BooleanField(default=False)
    single_keys = models.BooleanField(_("single-key shortcuts"), default=True)
    absolute_time = models.BooleanField(_("always show absolute time"), default=False)

    availability = models.CharField(
        _("availability"), max_length=10, choices=Availability.choices, default=Availability.AVAILABLE
    )
    last_seen_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["sort_key", "pk"]
        indexes = [GinIndex(fields=["search_key"], name="user_search_trgm", opclasses=["gin_trgm_ops"])]

    def get_session_auth_hash(self) -> str:
        """Changes with the password and with `session_epoch`, so that either ends every session."""
        return f"{super().get_session_auth_hash()}{self.session_epoch}"

    def get_full_name(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        return names.initials(self.name)
