"""Departments (one tree, stored as a path) and teams (any number a user)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core.history import tracked
from crm.core.models import BaseModel
from crm.core.translated import TranslatedField

from ..querysets import DepartmentQuerySet, TeamQuerySet


@tracked()
class Department(BaseModel):
    """A node of the company's tree. path is "/1/4/": ids from the root, so "below" is a prefix."""

    name = TranslatedField(_("name"), max_length=80)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    head = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("head"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="heads",
    )
    path = models.CharField(max_length=400, editable=False, default="", db_index=True)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["path"]

    def __str__(self) -> str:
        return str(self.name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        if path != self.path:
            old, self.path = self.path, path
            Department.objects.filter(pk=self.pk).update(path=path)
            if old:
                self._move_children(old)

    def _move_children(self, old: str) -> None:
        for child in Department.objects.filter(path__startswith=old).exclude(pk=self.pk):
            Department.objects.filter(pk=child.pk).update(path=self.path + child.path[len(old) :])


@tracked()
class Team(BaseModel):
    """People who answer the same kind of request."""

    name = TranslatedField(_("name"), max_length=80)
    department = models.ForeignKey(
        Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="teams"
    )
    is_active = models.BooleanField(_("active"), default=True)
    moves_at_shift_end = models.BooleanField(
        _("hand on unanswered work at the end of a shift"),
        default=False,
        help_text=_("Only what is due before its holder's next shift, and only while somebody is on shift."),
    )
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="TeamMembership", related_name="teams", verbose_name=_("members")
    )

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.name)


@tracked()
class TeamMembership(models.Model):
    """A user's place in a team; supervisors are told of waiting and breached tickets."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    is_supervisor = models.BooleanField(_("supervisor"), default=False)

    class Meta:
        verbose_name = _("team member")
        verbose_name_plural = _("team members")
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="once_in_a_team")]

    def __str__(self) -> str:
        return f"{self.user} · {self.team}"
