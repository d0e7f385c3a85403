"""Forms of journeys: the journey itself, its start, its rules, its steps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.conditions.forms import ConditionFormField
from crm.core.actor import Actor
from crm.fields.models import Tag
from crm.fields.tags import tags_of_kind
from crm.planner.choices import TaskKind
from crm.ui.forms import zone_choices
from crm.ui.generic.widgets import PickerSelect
from customers.models import Customer, Segment

from ..choices.campaigns import MAILS
from ..choices.journeys import Ask, StartKind, StepKind, WaitKind, WaitUnit
from ..journeys.dates import labels
from ..journeys.rights import ON
from ..journeys.starts import deeds
from ..models import Campaign, Journey, JourneyVersion, Step, Topic


class NewJourneyForm(forms.ModelForm):
    """What a journey begins with."""

    class Meta:
        model = Journey
        fields = ("name", "goal")

    def __init__(self, *args: Any, actor: Actor | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)


class JourneyForm(NewJourneyForm):
    """The same later on, whose it is, and the zone of its hours."""

    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Owner"), widget=PickerSelect("user"),
        help_text=_("The journey meets the customers that this colleague may see."),
    )  # fmt: skip
    timezone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)

    class Meta(NewJourneyForm.Meta):
        fields = ("name", "goal", "owner", "timezone")

    def __init__(self, *args: Any, actor: Actor | None = None, **kwargs: Any):
        super().__init__(*args, actor=actor, **kwargs)
        if actor is not None:
            self.fields["owner"].queryset = User.objects.visible_to(actor).active()  # type: ignore[attr-defined]


def _label(name: str) -> Any:
    return JourneyVersion._meta.get_field(name).verbose_name  # type: ignore[union-attr]


class StartForm(forms.Form):
    """What brings people in, of one kind, and who of them."""

    segment = forms.ModelChoiceField(
        Segment.objects.none(), label=_("Segment"), empty_label=_("Choose a segment"),
        help_text=_("Whoever comes into it from the start of the journey on; not those who are in it already."),
    )  # fmt: skip
    deed = forms.ChoiceField(label=_("What happens"))
    date_key = forms.ChoiceField(label=_("Which date"))
    days_offset = forms.IntegerField(
        label=_("Days"), min_value=-365, max_value=365,
        help_text=_("-7: a week before the date; 0: on the day; 3: three days after."),
    )  # fmt: skip
    hour = forms.IntegerField(label=_("At the hour"), min_value=0, max_value=23, help_text=_("In the journey's zone."))
    every_year = forms.BooleanField(
        label=_("Every year"), required=False, help_text=_("Month and day alone count, as with birthdays.")
    )
    condition = ConditionFormField(on=ON, label=_("Only customers for whom"), required=False)

    OF_KIND = {
        StartKind.SEGMENT: ("segment",), StartKind.DEED: ("deed",),
        StartKind.DATE: ("date_key", "days_offset", "hour", "every_year"),
    }  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, kind: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for names in (names for other, names in self.OF_KIND.items() if other != kind):
            for name in names:
                del self.fields[name]
        if "segment" in self.fields:
            rows = Segment.objects.visible_to(actor).order_by("sort_key")
            self.fields["segment"].queryset = rows  # type: ignore[attr-defined]
        if "deed" in self.fields:
            self.fields["deed"].choices = [("", _("Choose what happens")), *deeds()]  # type: ignore[attr-defined]
        if "date_key" in self.fields:
            self.fields["date_key"].choices = [("", _("Choose a date")), *labels()]  # type: ignore[attr-defined]
        self.fields["condition"].author = actor  # type: ignore[attr-defined]


class RulesForm(forms.ModelForm):
    """Who may come in again, and who leaves before the end."""

    goal_rule = ConditionFormField(
        on=ON, label=_("The goal is reached when"), required=False,
        help_text=_("Whoever it holds for leaves at once, and counts as a success."),
    )  # fmt: skip
    exit_rule = ConditionFormField(
        on=ON, label=_("People leave when"), required=False,
        help_text=_("Whoever it holds for leaves at once, without the goal."),
    )  # fmt: skip

    class Meta:
        model = JourneyVersion
        fields = ("reentry", "reentry_days", "goal_rule", "exit_rule")
        widgets = {"reentry": forms.RadioSelect}

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["reentry_days"].help_text = _("Only for “Again, so many days after leaving”")
        for name in ("goal_rule", "exit_rule"):
            self.fields[name].author = actor  # type: ignore[attr-defined]


class StepForm(forms.Form):
    """What every step has."""

    name = forms.CharField(
        label=_("Name"), max_length=120, required=False, help_text=_("How you call the step; may stay empty.")
    )
    #: Fields that belong to `Step.settings`.
    SETTINGS: tuple[str, ...] = ()

    def __init__(self, *args: Any, actor: Actor, step: Step, **kwargs: Any):
        initial = {**step.settings, "name": step.name, "condition": step.condition, "tag": step.tag_id}
        if step.mail is not None:
            initial["topic"] = step.mail.topic_id
        super().__init__(*args, initial={**initial, **kwargs.pop("initial", {})}, **kwargs)
        self.actor = actor

    def values(self) -> dict[str, Any]:
        """What `change_step` takes."""
        cleaned = self.cleaned_data
        values = {name: value for name, value in cleaned.items() if name not in self.SETTINGS}
        if self.SETTINGS:
            values["settings"] = {name: cleaned.get(name) for name in self.SETTINGS}
        return values


class SendForm(StepForm):
    topic = forms.ModelChoiceField(
        Topic.objects.none(), label=_("Topic"), required=False, empty_label=_("None"),
        help_text=_("Who refused the topic gets nothing."),
    )  # fmt: skip
    words_of = forms.ModelChoiceField(
        Campaign.objects.none(), label=_("Take over the words of"), required=False, empty_label=_("Keep its own words"),
        help_text=_("Subject and blocks of another email replace those of this one."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["topic"].queryset = Topic.objects.active()  # type: ignore[attr-defined]
        rows = Campaign.objects.visible_to(self.actor).filter(kind__in=MAILS).order_by("-created_at", "-pk")
        self.fields["words_of"].queryset = rows  # type: ignore[attr-defined]


class WaitForm(StepForm):
    how = forms.ChoiceField(label=_("How"), choices=WaitKind.choices, widget=forms.RadioSelect)
    n = forms.IntegerField(label=_("How long"), min_value=0, max_value=525_600, required=False)
    unit = forms.ChoiceField(label=_("Unit"), choices=WaitUnit.choices, required=False)
    weekday = forms.TypedChoiceField(
        label=_("Until this day"), coerce=int, empty_value=None, required=False,
        choices=[("", _("Any day")), *WEEKDAYS.items()],
    )  # fmt: skip
    time = forms.TimeField(
        label=_("At"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("For “Until a day and time”, in the journey's zone."),
    )  # fmt: skip
    office = forms.BooleanField(
        label=_("Then until the office is open"), required=False, help_text=_("By the working hours in the settings.")
    )
    SETTINGS = ("how", "n", "unit", "weekday", "time", "office")


class BranchForm(StepForm):
    ask = forms.ChoiceField(label=_("What decides"), choices=Ask.choices)
    condition = ConditionFormField(
        on=ON, label=_("Conditions"), required=False, help_text=_("For “Conditions about the customer”.")
    )
    SETTINGS = ("ask",)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["condition"].author = self.actor  # type: ignore[attr-defined]


class TaskForm(StepForm):
    title = forms.CharField(label=_("What has to be done"), max_length=200)
    what = forms.ChoiceField(label=_("Kind"), choices=TaskKind.choices)
    days = forms.IntegerField(label=_("Due in days"), min_value=0, max_value=365)
    notes = forms.CharField(label=_("Notes"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    SETTINGS = ("title", "what", "days", "notes")


class TagForm(StepForm):
    tag = forms.ModelChoiceField(Tag.objects.none(), label=_("Tag"), empty_label=_("Choose a tag"))
    remove = forms.BooleanField(label=_("Take it off instead of putting it on"), required=False)
    SETTINGS = ("remove",)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["tag"].queryset = tags_of_kind("customer")  # type: ignore[attr-defined]


class LeadForm(StepForm):
    message = forms.CharField(
        label=_("What sales shall know"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    SETTINGS = ("message",)


class NotifyForm(StepForm):
    text = forms.CharField(label=_("What the owner is told"), max_length=300)
    SETTINGS = ("text",)


STEP_FORMS: dict[StepKind, type[StepForm]] = {
    StepKind.SEND: SendForm, StepKind.WAIT: WaitForm, StepKind.BRANCH: BranchForm, StepKind.TASK: TaskForm,
    StepKind.TAG: TagForm, StepKind.LEAD: LeadForm, StepKind.NOTIFY: NotifyForm, StepKind.LEAVE: StepForm,
}  # fmt: skip


class PublishForm(forms.Form):
    """What becomes of those who are inside another version."""

    move = forms.ChoiceField(
        label=_("People who are inside"), widget=forms.RadioSelect, initial="stay",
        choices=[("stay", _("Walk their version to its end")), ("move", _("Go over into the new version"))],
    )  # fmt: skip

    def __init__(self, *args: Any, inside: int = 0, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not inside:
            del self.fields["move"]


class EndForm(forms.Form):
    take_out = forms.ChoiceField(
        label=_("People who are inside"), widget=forms.RadioSelect, initial="on",
        choices=[("on", _("Go on to the end; nobody new comes in")), ("out", _("Leave at once"))],
    )  # fmt: skip

    def clean_take_out(self) -> bool:
        return bool(self.cleaned_data["take_out"] == "out")


class TakeOutForm(forms.Form):
    why = forms.CharField(label=_("Why"), max_length=300, help_text=_("Such as: they asked us to stop"))


class TrialForm(forms.Form):
    """As whom the journey is walked."""

    customer = forms.ModelChoiceField(Customer.objects.none(), label=_("Customer"), widget=PickerSelect("customer"))
    reacts = forms.BooleanField(label=_("They open, click and answer emails"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["customer"].queryset = Customer.objects.visible_to(actor).external()  # type: ignore[attr-defined]
