"""The kinds of answers that a custom field takes."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FieldType(models.TextChoices):
    TEXT = "text", _("Text, one line")
    LONG_TEXT = "long_text", _("Text, several lines")
    CHOICE = "choice", _("Choice")
    MANY_CHOICE = "many_choice", _("Choice of several")
    BOOLEAN = "boolean", _("Yes or no")
    DATE = "date", _("Date")
    NUMBER = "number", pgettext_lazy("kind of answer", "Number")
    ROOM = "room", _("Room")
    ORDER_NUMBER = "order_number", _("Order number")
    DEVICE = "device", _("Device")
    PHOTO = "photo", _("Photo")


#: Answers that are picked from `CustomField.options`.
OPTION_TYPES = frozenset({FieldType.CHOICE, FieldType.MANY_CHOICE})
#: Answers stored as one string; those that are compared in conditions as text.
TEXT_TYPES = frozenset({FieldType.TEXT, FieldType.LONG_TEXT, FieldType.ROOM, FieldType.ORDER_NUMBER, FieldType.DEVICE})
#: The characters an answer of one string may have.
MAX_LENGTH = {
    FieldType.TEXT: 200,
    FieldType.LONG_TEXT: 5000,
    FieldType.ROOM: 40,
    FieldType.ORDER_NUMBER: 60,
    FieldType.DEVICE: 80,
}


class TagTone(models.TextChoices):
    """The colours of a tag."""

    NEUTRAL = "neutral", _("Grey")
    INFO = "info", _("Blue")
    SUCCESS = "success", _("Green")
    CAUTION = "caution", _("Amber")
    DANGER = "danger", _("Red")
    SPECIAL = "special", _("Purple")
