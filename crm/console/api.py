"""Colleagues and teams in the API, so that other systems can name whom they give work to."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from crm.accounts.models import Team, User
from crm.core.actor import Actor
from crm.integrations.rest.fields import MomentField, NameField, Out, PlaceOut
from crm.integrations.rest.registry import resources
from crm.integrations.rest.views import Resource
from crm.ui.lists import ListPage


class UserOut(Out):
    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.CharField()
    job_title = serializers.CharField()
    department = PlaceOut(allow_null=True)
    is_active = serializers.BooleanField()
    created_at = MomentField()
    updated_at = MomentField()


class Users(Resource):
    kind, path, permission, order, lookup = "user", "users", "", 60, "pk"
    page = ListPage(
        key="user",
        model=User,
        label=_("Users"),
        permission="",
        url_name="",
        columns=[],
        base=lambda rows: rows.people(),
        search=lambda rows, text, actor: rows.matching(text),
    )
    out = UserOut
    orders = {"created": "created_at", "updated": "updated_at", "name": "sort_key"}

    @classmethod
    def prepared(cls, rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
        return rows.select_related("department")


class TeamOut(Out):
    id = serializers.IntegerField()
    name = NameField()
    department = PlaceOut()
    is_active = serializers.BooleanField()


class Teams(Resource):
    kind, path, permission, order, lookup = "team", "teams", "", 61, "pk"
    page = ListPage(key="team", model=Team, label=_("Teams"), permission="", url_name="", columns=[])
    out = TeamOut

    @classmethod
    def prepared(cls, rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
        return rows.select_related("department")


resources.register(Users, Teams)
