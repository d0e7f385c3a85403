"""Settings › Tags: the words that people put on records, renamed, coloured and merged."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.fields.models import Tag
from crm.fields.tag_actions import merge_tags, save_tag
from crm.ui.views.generic import ActionView, ListView, UpdateView

from .intro import intro

MANAGE = "fields.manage"


class TagForm(forms.ModelForm):
    class Meta:
        model = Tag
        fields = ("name", "tone")


class MergeTagForm(forms.Form):
    into = forms.ModelChoiceField(
        label=_("Merge into"), queryset=Tag.objects.none(), help_text=_("Its records carry that tag afterwards.")
    )

    def __init__(self, *args: Any, tag: Tag, **kwargs: Any):
        super().__init__(*args, **kwargs)
        rows = Tag.objects.filter(kind=tag.kind).exclude(pk=tag.pk).order_by("name_key")
        self.fields["into"].queryset = rows  # type: ignore[attr-defined]


class TagListView(ListView):
    """GET /settings/tags/."""

    permission = MANAGE
    page = "tag"
    template_name = "console/list.html"

    def extra(self) -> dict[str, Any]:
        return intro("tags")


class TagUpdateView(UpdateView):
    permission = MANAGE
    model, form_class, action = Tag, TagForm, save_tag
    template_name = "console/tag.html"

    def url_of(self, record: Any) -> str:
        return reverse("console:tag_list")


class TagMergeView(ActionView):
    """One tag becomes part of another of the same kind of record."""

    permission = MANAGE
    model, form_class, action = Tag, MergeTagForm, merge_tags
    title = _("Merge the tag %(name)s")
    button = _("Merge")
    danger = True

    def form_kwargs(self) -> dict[str, Any]:
        return {"tag": self.object}

    def answer(self) -> HttpResponse:
        return redirect("console:tag_list")

    def url_of(self, record: Any) -> str:
        return reverse("console:tag_list")
