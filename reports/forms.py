"""What people fill in about dashboards and reports by mail."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Team, User
from crm.core.actor import Actor
from crm.core.gallery import GROUPS

from .choices import Audience
from .gallery.cards import cards_for
from .models import Dashboard, MailedReport

#: Before the number of a dashboard, among keys of reports.
DASHBOARD = "dashboard:"


def report_choices(viewer: Actor) -> list[tuple[str, Any]]:
    """The reports that the viewer may read, by group."""
    groups: dict[str, list[tuple[str, Any]]] = {}
    for card in cards_for(viewer):
        groups.setdefault(card.report.group, []).append((card.key, card.question))
    return [(str(GROUPS[group]), entries) for group, entries in groups.items()]


class DashboardForm(forms.ModelForm):
    """Name, days and who sees it."""

    class Meta:
        model = Dashboard
        fields = ("name", "period", "audience", "team")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.active().filter(pk__in=actor.grants.team_ids)  # type: ignore[attr-defined]
        self.fields["audience"].help_text = _("Everybody counts only what they may see, on shared ones too.")
        if not actor.can("reports.share"):
            self.fields["audience"].choices = [(Audience.PERSONAL, Audience.PERSONAL.label)]  # type: ignore[attr-defined]
            del self.fields["team"]


def mail_choices(viewer: Actor) -> list[tuple[str, Any]]:
    """The dashboards that the viewer sees, then the reports that they may read, by group."""
    rows = [(f"{DASHBOARD}{row.pk}", row.name) for row in Dashboard.objects.visible_to(viewer)]
    return [*([(str(_("Whole dashboards")), rows)] if rows else []), *report_choices(viewer)]


class MailedReportForm(forms.ModelForm):
    """Which report or dashboard, when, and to whom."""

    field_order = ("report", "period", "frequency", "weekday", "day", "at", "format", "readers")

    report = forms.ChoiceField(label=_("Report"))
    readers = forms.ModelMultipleChoiceField(
        label=_("Readers"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each gets it in their own language, at this time in their own zone, counting what they may see."),
    )

    class Meta:
        model = MailedReport
        fields = ("frequency", "weekday", "day", "at", "period", "format")
        widgets = {"at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["report"].choices = mail_choices(actor)  # type: ignore[attr-defined]
        if self.instance.pk is not None:
            number = self.instance.dashboard_id
            self.initial["report"] = f"{DASHBOARD}{number}" if number else self.instance.report
        people = User.objects.active().order_by("sort_key")
        if not actor.can("reports.share"):
            people = people.filter(pk=actor.user_id or 0)
        self.fields["readers"].queryset = people  # type: ignore[attr-defined]
        self.fields["weekday"].help_text = _("For a weekly one")
        self.fields["day"].help_text = _("For a monthly one; the last day where the month is shorter")

    def clean_report(self) -> str | Dashboard:
        """The report's key, or the dashboard."""
        chosen: str = self.cleaned_data["report"]
        if not chosen.startswith(DASHBOARD):
            return chosen
        return Dashboard.objects.get(pk=chosen.removeprefix(DASHBOARD))


class TargetsForm(forms.Form):
    """What the service shall reach; an empty field is no target."""

    sla_met = forms.DecimalField(
        label=_("SLA met (%)"), required=False, min_value=1, max_value=100, decimal_places=2,
        help_text=_("Which share of promised solutions shall be in time, such as 95. Empty for no target."),
    )  # fmt: skip
    satisfaction = forms.DecimalField(
        label=_("Satisfaction (1 to 5)"), required=False, min_value=1, max_value=5, decimal_places=2,
        help_text=_("What customers shall rate on average, such as 4.5. Empty for no target."),
    )  # fmt: skip


class TileForm(forms.Form):
    """A report to be put on a dashboard."""

    report = forms.ChoiceField(label=_("Report"), widget=forms.Select(attrs={"class": "form-select"}))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["report"].choices = report_choices(actor)  # type: ignore[attr-defined]
