"""Forms of the steps of a campaign, and of its verbs."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import User
from crm.core import clock
from crm.core.actor import Actor
from crm.core.translated import TranslatedFormField
from crm.ui.forms import zone_choices
from crm.ui.generic.widgets import PickerSelect
from customers.forms.answers import WithAnswers
from customers.models import Contact, Segment

from ..choices.campaigns import BEGUN, CampaignKind, CostKind
from ..models import Campaign, CampaignCost, PostResult, Topic


class NewCampaignForm(WithAnswers, forms.ModelForm):
    """What a campaign begins with."""

    answers_of = "campaign"

    class Meta:
        model = Campaign
        fields = ("name", "kind", "topic", "goal", "budget", "currency")
        widgets = {"kind": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["topic"].queryset = Topic.objects.active()  # type: ignore[attr-defined]
        if "kind" in self.fields:
            self.fields["kind"].choices = [(kind.value, kind.label) for kind in BEGUN]  # type: ignore[attr-defined]
        self.fields["topic"].help_text = _("Who refused the topic gets nothing.")
        self.fields["goal"].required = self.fields["budget"].required = False


class PropertiesForm(NewCampaignForm):
    """The same later on, and whose it is."""

    owner = forms.ModelChoiceField(User.objects.none(), label=_("Owner"), widget=PickerSelect("user"))

    class Meta(NewCampaignForm.Meta):
        fields = ("name", "topic", "goal", "owner", "budget", "currency", "answers_become", "window_days")
        widgets: dict[str, Any] = {}

    def __init__(self, *args: Any, actor: Actor | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if actor is not None:
            self.fields["owner"].queryset = User.objects.visible_to(actor).active()  # type: ignore[attr-defined]


class AudienceForm(forms.ModelForm):
    """Who gets it, and what keeps people out."""

    class Meta:
        model = Campaign
        fields = ("segments", "excluded", "one_per_customer", "holds_complaints", "cap_count", "cap_days")
        widgets = {"segments": forms.CheckboxSelectMultiple, "excluded": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        rows = Segment.objects.visible_to(actor).order_by("sort_key")
        for name in ("segments", "excluded"):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
            self.fields[name].label_from_instance = _named  # type: ignore[attr-defined]
        self.fields["segments"].required = True
        self.fields["cap_count"].help_text = _("Who got so many within the days gets no more. 0: no limit.")


def _named(segment: Segment) -> str:
    return str(_("%(name)s (%(size)s customers)") % {"name": segment.name, "size": segment.size})


class WordsForm(forms.Form):
    """Subject of a mail, or the words of a text message or post; blocks are the editor's."""

    subject = TranslatedFormField(label=_("Subject"), max_length=150)
    body = TranslatedFormField(label=_("Text"), multiline=True, max_length=1000)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    starts_at = forms.DateTimeField(
        label=_("Begins"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    link = forms.URLField(label=_("Address of the post"), max_length=500, required=False, assume_scheme="https")

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any):
        super().__init__(*args, **kwargs)
        used = {
            CampaignKind.MAIL: ("subject",), CampaignKind.STEP: ("subject",),
            CampaignKind.EVENT: ("subject", "place", "starts_at"),
            CampaignKind.SMS: ("body",), CampaignKind.SOCIAL: ("body", "link"),
        }[CampaignKind(campaign.kind)]  # fmt: skip
        for name in set(self.fields) - set(used):
            del self.fields[name]


class ScheduleForm(forms.Form):
    """When it goes out, what answers become, how long sales are credited."""

    when = forms.ChoiceField(
        label=_("When"), widget=forms.RadioSelect,
        choices=[("now", _("At once, when it is started")), ("later", _("At a time"))],
    )  # fmt: skip
    day = forms.DateField(label=_("Date"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    time = forms.TimeField(
        label=_("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    timezone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values["send_at"] = None
        if values.get("when") == "later":
            if not values.get("day"):
                self.add_error("day", _("Enter the day"))
            if not values.get("time"):
                self.add_error("time", _("Enter the time"))
            if values.get("day") and values.get("time") and values.get("timezone"):
                zone = zoneinfo.ZoneInfo(values["timezone"])
                values["send_at"] = dt.datetime.combine(values["day"], values["time"], zone)
                if values["send_at"] <= clock.now():
                    self.add_error("day", _("Enter a time to come"))
        return values


class TestForm(forms.Form):
    """Where a test goes, in which language, with whose words."""

    to = forms.CharField(label=_("To"), max_length=254, help_text=_("Any email address; for a text message a number"))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=_("As this person would get it"), required=False, empty_label=_("Example words"),
        widget=PickerSelect("contact"),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = Contact.objects.visible_to(actor)  # type: ignore[attr-defined]


class PreviewForm(forms.Form):
    """As whom a message is looked at, and whether as mail programs show it in the dark."""

    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=_("As this person would get it"), required=False, empty_label=_("Example words"),
        widget=PickerSelect("contact"),
    )  # fmt: skip
    look = forms.ChoiceField(
        label=_("Look"), required=False,
        choices=[("", pgettext_lazy("look of a mail", "Light")), ("dark", pgettext_lazy("look of a mail", "Dark"))],
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = Contact.objects.visible_to(actor)  # type: ignore[attr-defined]


class StartForm(forms.Form):
    """The number of people, typed, where there are many of them."""

    typed = forms.CharField(label=_("Number of people"), required=False)

    def __init__(self, *args: Any, asks: int = 0, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.asks = asks
        if not asks:
            del self.fields["typed"]

    def clean_typed(self) -> str:
        typed = "".join(char for char in self.cleaned_data["typed"] if char.isdigit())
        if typed != str(self.asks):
            raise forms.ValidationError(_("Type %(count)s to go on."), params={"count": self.asks})
        return typed


class CostForm(forms.ModelForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=CostKind.choices, initial=CostKind.BOOKED)

    class Meta:
        model = CampaignCost
        fields = ("kind", "label", "amount", "on")
        widgets = {"on": forms.DateInput(attrs={"type": "date"})}


class PostResultForm(forms.ModelForm):
    class Meta:
        model = PostResult
        fields = ("network", "on", "reach", "clicks")
        widgets = {"on": forms.DateInput(attrs={"type": "date"})}

    def validate_unique(self) -> None:
        """The same network and day is entered again to replace it."""


class ParticipantForm(forms.Form):
    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("Person"), widget=PickerSelect("contact"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = Contact.objects.visible_to(actor)  # type: ignore[attr-defined]


def typed_schedule(campaign: Campaign) -> dict[str, Any]:
    """What the form of the time shows."""
    values: dict[str, Any] = {"when": "now", "timezone": campaign.timezone}
    if campaign.send_at is not None:
        at = timezone.localtime(campaign.send_at, zoneinfo.ZoneInfo(campaign.timezone))
        values |= {"when": "later", "day": at.date(), "time": at.time().replace(second=0, microsecond=0)}
    return values
