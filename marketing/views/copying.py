"""Copying a campaign, a landing page or a journey: one button, and the copy is opened."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.ui.views.generic import ActionView


class CopyView(ActionView):
    """Calls the action, which returns the copy, and goes there."""

    title = _("Copy “%(name)s”?")
    text = _("The copy is a draft of yours: the same words, none of the results.")
    button = _("Copy")
    done = _("This is the copy, a draft of yours.")

    def perform(self, values: dict[str, Any]) -> Any:
        self.object = super().perform(values)
        return self.object
