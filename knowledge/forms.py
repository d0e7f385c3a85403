"""What staff fill in about articles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.translated import TranslatedFormField
from crm.ui.generic.widgets import PickerSelect
from customers.forms.answers import WithAnswers

from .choices import Visibility
from .models import Category

#: Icons that a category may have.
ICONS = [
    ("category", _("Category")), ("print", _("Printer")), ("phone", _("Phone")), ("box", _("Product")),
    ("invoice", _("Invoice")), ("security", _("Security")), ("settings", _("Settings")), ("file", _("Document")),
    ("help", _("Question")), ("team", _("Team")), ("api", _("Interface")), ("tool", _("Tool")),
]  # fmt: skip


class CategoryChoice(forms.ModelChoiceField):
    """Categories with what they stand below."""

    def __init__(self, **kwargs: Any):
        super().__init__(queryset=Category.objects.none(), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        name = f"{obj.parent.name} › {obj.name}" if obj.parent else str(obj.name)
        return name if obj.is_open else _("%(name)s (staff only)") % {"name": name}


class NewArticleForm(forms.Form):
    """The first text of an article, in one language."""

    title = forms.CharField(label=_("Title"), max_length=200, help_text=_("As a reader would ask for it."))
    language = forms.ChoiceField(label=_("Written in"), choices=settings.LANGUAGES)
    category = CategoryChoice(label=_("Category"))
    visibility = forms.ChoiceField(label=_("Who reads it"), choices=Visibility.choices, initial=Visibility.PUBLIC)
    body = forms.CharField(
        label=_("Text"), required=False, widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("Markdown: ## for a heading, 1. for steps, **bold**. Pictures are added after the first saving."),
    )  # fmt: skip
    about = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    miss = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = Category.objects.select_related("parent")  # type: ignore[attr-defined]


class ArticleForm(WithAnswers, forms.Form):
    """What an article is besides its texts."""

    answers_of = "article"

    category = CategoryChoice(label=_("Category"))
    visibility = forms.ChoiceField(label=_("Who reads it"), choices=Visibility.choices)
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), required=False, widget=PickerSelect("user"), empty_label="--",
        help_text=_("Keeps it right, and hears when it does not help."),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Written in"), choices=settings.LANGUAGES, help_text=_("The other languages are translations of it.")
    )
    slug = forms.SlugField(
        label=_("Address"), max_length=80, help_text=_("/help/articles/…/ The earlier address leads to the new one.")
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = Category.objects.select_related("parent")  # type: ignore[attr-defined]
        self.fields["owner"].queryset = User.objects.active()  # type: ignore[attr-defined]


class TextForm(forms.Form):
    """A version of a text. base: the version it starts from; source_version: the source's that it renders."""

    title = forms.CharField(label=_("Title"), max_length=200)
    body = forms.CharField(label=_("Text"), required=False, widget=forms.Textarea(attrs={"rows": 22}))
    note = forms.CharField(label=_("What changed"), max_length=200, required=False)
    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    source_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    is_current = forms.BooleanField(
        label=_("The translation says what the source says now"), required=False, initial=True
    )


class NoteForm(forms.Form):
    """A word for the colleague."""

    note = forms.CharField(label=_("Note"), max_length=280, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class SendBackForm(forms.Form):
    note = forms.CharField(label=_("What is missing?"), max_length=280, widget=forms.Textarea(attrs={"rows": 3}))


class ScheduleForm(forms.Form):
    at = forms.DateTimeField(
        label=_("Publish at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("In your time zone."),
    )


class MoveForm(forms.Form):
    category = CategoryChoice(label=_("Category"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = Category.objects.select_related("parent")  # type: ignore[attr-defined]


class FileForm(forms.Form):
    """A file or a picture for an article."""

    file = forms.FileField(label=_("File or picture"))


class CategoryForm(forms.Form):
    name = TranslatedFormField(max_length=80, label=_("Name"))
    description = TranslatedFormField(max_length=200, required=False, label=_("Description"))
    parent = forms.ModelChoiceField(
        label=_("Stands below"), queryset=Category.objects.none(), required=False, empty_label="--"
    )
    icon = forms.ChoiceField(label=_("Icon"), choices=ICONS)
    order = forms.IntegerField(label=_("Order"), initial=50, min_value=0, max_value=9999)
    slug = forms.SlugField(label=_("Address"), max_length=80, required=False, help_text=_("/help/categories/…/"))
    is_public = forms.BooleanField(
        label=_("Shown to everyone"), required=False, initial=True,
        help_text=_("Articles of a category that is not shown are for staff, whatever they say themselves."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = Category.objects.filter(parent=None)  # type: ignore[attr-defined]
