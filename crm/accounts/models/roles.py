"""A role is permissions by module and action, and a data scope per module."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core.actor import Scope
from crm.core.history import tracked
from crm.core.models import BaseModel
from crm.core.translated import TranslatedField

from ..querysets import RoleQuerySet


@tracked(exclude=("seeded_modules", "seeded_permissions"))
class Role(BaseModel):
    """What a person may do. `scopes` maps a module to a `Scope` number.

    key names a seeded role; roles made by an administrator have none. An administrator role opens all.
    seeded_permissions: every right that was declared when the role was last seeded, so that a later one is known as
    new; None for a role that was seeded before this was kept.
    """

    key = models.SlugField(unique=True, null=True, blank=True)
    name = TranslatedField(_("name"), max_length=80)
    description = TranslatedField(_("description"), max_length=200, blank=True)
    permissions = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    scopes = models.JSONField(default=dict, blank=True)
    seeded_modules = ArrayField(models.CharField(max_length=40), default=list, blank=True, editable=False)
    seeded_permissions = ArrayField(models.CharField(max_length=80), null=True, blank=True, editable=False)
    is_administrator = models.BooleanField(_("administrator"), default=False)
    requires_two_step = models.BooleanField(_("requires two-step verification"), default=False)

    objects = RoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.name)

    def scope_for(self, module: str) -> Scope:
        """The data scope this role gives in a module."""
        return Scope(self.scopes.get(module, Scope.NONE))
