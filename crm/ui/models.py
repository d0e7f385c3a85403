"""What a person keeps about lists: saved views, and columns, density and page size per list."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.accounts.choices import Density
from crm.core.models import BaseModel

from .querysets import SavedViewQuerySet


class Audience(models.TextChoices):
    PERSONAL = "personal", _("Only me")
    TEAM = "team", _("One of my teams")
    EVERYBODY = "everybody", _("Everybody")


class SavedView(BaseModel):
    """Filters, sort and columns of a list under a name.

    list_key: key of a `ListPage`. params: the query string without sort, page and view.
    Empty columns mean the reader's.
    pinned ones are tabs, the rest is under "More views"; position orders both.
    """

    list_key = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=60)
    owner = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="saved_views")
    audience = models.CharField(_("for"), max_length=10, choices=Audience.choices, default=Audience.PERSONAL)
    team = models.ForeignKey("accounts.Team", verbose_name=_("team"), null=True, blank=True, on_delete=models.CASCADE)
    params = models.CharField(max_length=2000, blank=True)
    columns = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    sort = models.CharField(max_length=41, blank=True)
    pinned = models.BooleanField(_("show as a tab"), default=True)
    position = models.SmallIntegerField(_("order"), default=50)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("view")
        verbose_name_plural = _("views")
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["list_key", "owner"], name="saved_view_list")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(audience="team", team__isnull=False)
                | (~models.Q(audience="team") & models.Q(team__isnull=True)),
                name="saved_view_team_when_shared_with_one",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """What stands in the address as `view=`."""
        return f"v{self.pk}"


class ListPreference(BaseModel):
    """How one person sees one list. Empty values mean the default."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="list_preferences")
    list_key = models.CharField(max_length=40)
    columns = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    density = models.CharField(max_length=10, choices=Density.choices, blank=True)
    page_size = models.SmallIntegerField(default=0)

    class Meta:
        verbose_name = _("list preference")
        verbose_name_plural = _("list preferences")
        constraints = [models.UniqueConstraint(fields=["user", "list_key"], name="one_preference_per_list")]

    def __str__(self) -> Any:
        return self.list_key
