"""Articles in the API, to be read: each text as its readers see it, those who write see drafts on their pages."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from crm.core.actor import Actor
from crm.integrations.rest.fields import MomentField, Out, PersonOut, PlaceOut
from crm.integrations.rest.registry import resources
from crm.integrations.rest.views import Resource

from .choices import Visibility


class LiveTexts(serializers.ListSerializer):
    """Those that readers see."""

    def to_representation(self, data: Any) -> list[Any]:
        shown: list[Any] = super().to_representation([text for text in data.all() if text.is_live])
        return shown


class TextOut(Out):
    language = serializers.CharField()
    title = serializers.CharField(source="published_version.title")
    body = serializers.CharField(source="published_version.body", help_text=_("Markdown."))
    published_at = MomentField(allow_null=True)

    class Meta:
        list_serializer_class = LiveTexts


class ArticleOut(Out):
    number = serializers.IntegerField()
    slug = serializers.CharField()
    visibility = serializers.ChoiceField(Visibility.choices)
    category = PlaceOut()
    owner = PersonOut(allow_null=True)
    language = serializers.CharField(help_text=_("The language it is written in first."))
    texts = TextOut(many=True, help_text=_("What is published, in each language."))
    created_at = MomentField()
    updated_at = MomentField()


class Articles(Resource):
    kind, path, permission, order = "article", "articles", "knowledge.view", 50
    out = ArticleOut
    orders = {"updated": "updated_at", "created": "created_at", "number": "number"}

    @classmethod
    def prepared(cls, rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
        return rows.select_related("category", "owner").prefetch_related("texts__published_version")


resources.register(Articles)
