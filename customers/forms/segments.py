"""Forms about segments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Team, User
from crm.conditions.forms import ConditionFormField
from crm.core.actor import Actor
from crm.ui.generic.widgets import PickerSelect

from ..models import Customer, Segment
from ..segmenting.rights import ON
from ..segmenting.selectors import members


class StaticSegmentForm(forms.ModelForm):
    """Name and readers; who is in it is picked by hand."""

    class Meta:
        model = Segment
        fields = ("name", "description", "audience", "team")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        teams = Team.objects.active().filter(pk__in=actor.grants.team_ids) if actor.is_staff else Team.objects.none()
        chosen = Team.objects.filter(pk=self.instance.team_id)
        self.fields["team"].queryset = (teams | chosen).distinct()  # type: ignore[attr-defined]
        self.fields["team"].help_text = _("Only for “One of my teams”")


class SegmentForm(StaticSegmentForm):
    """The same, with conditions over customers; the author's fields are offered."""

    condition = ConditionFormField(on=ON, label=_("Which customers"), required=True)

    class Meta(StaticSegmentForm.Meta):
        fields = ("name", "description", "condition", "audience", "team")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, actor=actor, **kwargs)
        self.fields["condition"].author = actor  # type: ignore[attr-defined]


class OwnedSegmentForm(SegmentForm):
    """A segment that exists, with its owner."""

    class Meta(SegmentForm.Meta):
        fields = ("name", "description", "condition", "owner", "audience", "team")
        help_texts = {"owner": _("The segment holds customers that this colleague may see")}

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, actor=actor, **kwargs)
        self.fields["owner"].queryset = User.objects.active()  # type: ignore[attr-defined]
        self.fields["owner"].required = True


class CopyForm(forms.Form):
    """Under which name members are kept as they are now."""

    name = forms.CharField(label=_("Name of the copy"), max_length=120)


class RemoveForm(forms.Form):
    """Which of the customers picked by hand."""

    customer = forms.ModelChoiceField(
        label=_("Customer"), queryset=Customer.objects.none(), widget=PickerSelect("customer")
    )

    def __init__(self, *args: Any, actor: Actor, segment: Segment, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["customer"].queryset = members(segment, actor).order_by("sort_key")  # type: ignore[attr-defined]
