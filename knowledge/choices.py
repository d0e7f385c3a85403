from django.db import models
from django.utils.translation import gettext_lazy as _


class Visibility(models.TextChoices):
    """Who reads an article once it is published."""

    INTERNAL = "internal", _("Staff only")
    PUBLIC = "public", _("Everyone")


class TextState(models.TextChoices):
    """Where the latest version of a text stands. What readers see is `published_version`, whatever this says."""

    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("In review")
    PUBLISHED = "published", _("Published")


TONES = {TextState.DRAFT: "neutral", TextState.REVIEW: "warning", TextState.PUBLISHED: "success"}


class Reason(models.TextChoices):
    """Why an article did not help."""

    UNCLEAR = "unclear", _("I do not understand it")
    INCOMPLETE = "incomplete", _("It does not answer my question")
    WRONG = "wrong", _("It is wrong or out of date")
    OTHER = "other", _("Something else")


class Source(models.TextChoices):
    """Where a verdict was given."""

    HELP = "help", _("Help centre")
    FORM = "form", _("Ticket form")
    STAFF = "staff", _("Colleague")


class UseKind(models.TextChoices):
    """What an article has to do with a record of another app."""

    MADE_FROM = "made_from", _("Written from it")
    READ_BEFORE = "read_before", _("Read before asking")
    SENT = "sent", _("Sent in a reply")
