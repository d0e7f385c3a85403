"""Querysets of people and structure."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db.models import Q

from crm.core import names
from crm.core.actor import Actor
from crm.core.querysets import BaseQuerySet, CatalogueQuerySet


class UserQuerySet(CatalogueQuerySet):
    """Colleagues are known to every member of staff; customers never see this table."""

    def active(self) -> Self:
        """Those who can sign in."""
        return self.people().filter(is_active=True)

    def people(self) -> Self:
        """Members of staff, without the applications that act through tokens."""
        return self.filter(is_service=False)

    def matching(self, text: str) -> Self:
        """By name, pinyin, initials or mail."""
        return self.filter(Q(search_key__contains=names.fold(text)) | Q(email__icontains=text.strip()))


class DepartmentQuerySet(CatalogueQuerySet):
    """The one tree."""

    def below(self, department: object) -> Self:
        """The department and everything under it."""
        return self.filter(path__startswith=department.path)  # type: ignore[attr-defined]


class TeamQuerySet(CatalogueQuerySet):
    """Teams."""

    def active(self) -> Self:
        return self.filter(is_active=True)


class RoleQuerySet(BaseQuerySet):
    """Roles are shown to those who may manage staff."""

    def visible_to(self, actor: Actor) -> Self:
        return self if actor.is_system or actor.can("console.manage_staff") else self.none()


class AbsenceQuerySet(CatalogueQuerySet):
    """When colleagues are away is no secret among colleagues."""

    def at(self, moment: dt.datetime) -> Self:
        """Those that hold at the moment."""
        return self.filter(ended_at__isnull=True, starts_at__lte=moment, ends_at__gt=moment)

    def ahead(self, moment: dt.datetime) -> Self:
        """Those that are not over at the moment."""
        return self.filter(ended_at__isnull=True, ends_at__gt=moment)
