"""Forms of the interface's own pages."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User

#: Offered first; every other zone follows in alphabetical order.
_FIRST_ZONES = ("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Europe/London", "UTC")


def zone_choices() -> list[tuple[str, str]]:
    """Zones that a person may live in, the likely ones first."""
    known = sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))
    first = [name for name in _FIRST_ZONES if name == "UTC" or name in known]
    return [(name, name.replace("_", " ")) for name in first + [name for name in known if name not in first]]


class PreferencesForm(forms.ModelForm):
    """A person's own preferences; `actions.save_preferences` stores them."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    timezone = forms.ChoiceField(
        label=_("Time zone"), choices=zone_choices, help_text=_("Every time on your pages is shown in this zone.")
    )

    class Meta:
        model = User
        fields = ("language", "timezone", "theme", "density", "absolute_time", "single_keys")
        help_texts: dict[str, Any] = {
            "density": _("Height of the rows in lists."),
            "single_keys": _("Keys such as j, k, x and r act at once when you are not typing."),
            "absolute_time": _("Show 5 Sep 20:45 in place of 5 min ago."),
        }
