"""What a value of a landing page may be."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PageStatus(models.TextChoices):
    """How far a landing page is. Only a published one answers at its address."""

    DRAFT = "draft", pgettext_lazy("landing page", "Draft")
    PUBLISHED = "published", pgettext_lazy("landing page", "Published")
    ARCHIVED = "archived", pgettext_lazy("landing page", "Archived")


#: The tone of each status.
TONES = {PageStatus.DRAFT: "neutral", PageStatus.PUBLISHED: "success", PageStatus.ARCHIVED: "caution"}


class Ask(models.TextChoices):
    """Whether a form asks for something."""

    NO = "no", _("Not asked")
    OPTIONAL = "optional", _("Asked, may stay empty")
    REQUIRED = "required", _("Asked, must be filled in")
