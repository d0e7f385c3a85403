"""The form of a landing page as a block, and what a campaign says of itself in its words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.blocks.declarations import BlockType, MergeField, block_types, merge_fields
from crm.blocks.values import Choice, Many, Markdown, Words

from .choices.landing import Ask
from .forms.landing import custom_choices


def _ask(key: str, label: object, default: Ask) -> Choice:
    return Choice(key, label, choices=Ask.choices, default=default.value)


block_types.register(
    BlockType(
        "form", _("Form"), "form",
        [Words("title", _("Heading"), required=False),
         Markdown("intro", _("Above the form"), limit=1000, required=False),
         Words("button", _("Words of the button"), limit=40, required=False),
         _ask("company", _("Company"), Ask.OPTIONAL), _ask("job_title", _("Job title"), Ask.NO),
         _ask("phone", _("Phone number"), Ask.OPTIONAL), _ask("message", _("Message"), Ask.OPTIONAL),
         Many("custom", _("Further questions"), help=_("Custom fields of leads that are not for staff only."),
              choices=custom_choices)],
        template="marketing/blocks/form.html", order=45,
    )
)  # fmt: skip


def _when(campaign: Any) -> str:
    from .rendering import when_text

    return when_text(campaign)


merge_fields.register(
    MergeField("campaign.name", _("Name of the campaign"), _("Open day"), lambda campaign: campaign.name, order=70),
    MergeField("campaign.when", _("When the event begins"), _("2 May 2027, 14:00"), _when, order=71),
    MergeField("campaign.place", _("Place of the event"), _("Shenzhen"), lambda campaign: campaign.place, order=72),
)
