"""The form that visitors of a landing page fill in, and what staff set about a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import Department, User
from crm.blocks.content import blocks_in
from crm.fields.catalogue import fields_of
from crm.fields.choices import FieldType
from crm.fields.forms import Asked, CustomFieldsMixin
from crm.fields.models import CustomField
from customers.choices import ConsentChannel
from sales.forms.contact import ContactForm

from ..choices.landing import Ask
from ..models import Campaign, LandingPage
from ..models.landing import CHANNELS

#: How a visitor reads the channels of advertising.
BY_CHANNEL = {
    ConsentChannel.EMAIL: pgettext_lazy("advertising", "By email"),
    ConsentChannel.SMS: pgettext_lazy("advertising", "By text message"),
    ConsentChannel.PHONE: pgettext_lazy("advertising", "By phone"),
    ConsentChannel.CHAT: pgettext_lazy("advertising", "By chat"),
}
#: What the block decides about; a name and a way to answer are always asked for.
CHOSEN = ("company", "job_title", "phone", "message")


def custom_fields() -> list[CustomField]:
    """Custom fields of leads that a visitor may be asked: not those for staff, and no photos."""
    return [row for row in fields_of("lead") if not row.is_staff_only and row.type != FieldType.PHOTO]


def custom_choices() -> list[tuple[str, Any]]:
    """The same as choices of a form block."""
    return [(row.key, str(row.name)) for row in custom_fields()]


def form_block(content: Mapping[str, Any]) -> dict[str, Any] | None:
    """The values of the page's form, None for a page without one."""
    return next((values for _id, entry, values in blocks_in(content) if entry.key == "form"), None)


class LandingForm(CustomFieldsMixin, ContactForm):  # type: ignore[misc]
    """The contact form, less what the page does not ask, with its further questions and consent to advertising.

    asked: the values of the form block. A page that asks for no phone number needs the mail address.
    """

    def __init__(
        self, *args: Any, asked: Mapping[str, Any], channels: list[str], advertising: str, **kwargs: Any
    ) -> None:
        wanted = set(asked.get("custom") or ())
        questions = [Asked(row) for row in custom_fields() if row.key in wanted]
        super().__init__(*args, questions=questions, **kwargs)
        for name in CHOSEN:
            if asked.get(name, Ask.OPTIONAL) == Ask.NO:
                del self.fields[name]
            else:
                self.fields[name].required = asked.get(name) == Ask.REQUIRED
        if "phone" not in self.fields:
            self.fields["email"].required, self.fields["email"].help_text = True, ""
        elif self.fields["phone"].required:
            self.fields["email"].help_text = ""
        offered = [(key, words) for key, words in BY_CHANNEL.items() if key in channels]
        if offered:
            self.fields["channels"] = forms.MultipleChoiceField(
                label=advertising, choices=offered, required=False, widget=forms.CheckboxSelectMultiple
            )
        self.order_fields([name for name in self.fields if name not in {"channels", "consent"}])


class LandingPageForm(forms.ModelForm):
    """What holds from the moment it is saved; the blocks are edited on a page of their own."""

    class Meta:
        model = LandingPage
        fields = (
            "name", "slug", "title", "description", "is_listed", "thanks", "channels", "advertising", "campaign",
            "owner", "department",
        )  # fmt: skip
        labels = {"name": _("Name, for us"), "slug": capfirst(pgettext_lazy("page", "address"))}
        help_texts = {
            "slug": _("The end of the address: /p/…/. Small letters, digits and hyphens."),
            "title": _("What the browser and search engines show as the title."),
            "description": _("One or two sentences under the title in search results and shared links."),
            "thanks": _("What visitors read once the form is sent. Markdown signs work."),
            "advertising": _("Stored word by word with every consent, so change it only when its meaning changes."),
            "campaign": _("Leads of this page are credited to it."),
        }

    channels = forms.MultipleChoiceField(
        label=_("Consent asked for"), choices=CHANNELS, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("A box of its own for each, never ticked beforehand."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("thanks", "advertising"):
            for widget in self.fields[name].widget.widgets:
                widget.attrs |= {"rows": 3, "data-grow": True}
        for name in ("campaign", "owner", "department"):
            self.fields[name].empty_label = _("None")  # type: ignore[attr-defined]
        self.fields["owner"].queryset = User.objects.filter(is_active=True).order_by("sort_key")  # type: ignore[attr-defined]
        self.fields["department"].queryset = Department.objects.all()  # type: ignore[attr-defined]
        self.fields["campaign"].queryset = Campaign.objects.order_by("-pk")  # type: ignore[attr-defined]

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]).lower()


class NewLandingPageForm(LandingPageForm):
    """The first questions; everything else has a good start."""

    class Meta(LandingPageForm.Meta):
        fields = ("name", "slug", "title")  # type: ignore[assignment]

    channels = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any):
        forms.ModelForm.__init__(self, *args, **kwargs)
