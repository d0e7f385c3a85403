from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TaskKind(models.TextChoices):
    """What has to be done; the kind chooses the icon and, on a phone, the button."""

    TODO = "todo", _("To do")
    CALL = "call", _("Call")
    MAIL = "mail", _("Write a mail")
    MEETING = "meeting", _("Meeting")
    VISIT = "visit", _("Visit")


#: Kind → concept of `crm.ui.icons`.
ICONS = {
    TaskKind.TODO: "task",
    TaskKind.CALL: "call",
    TaskKind.MAIL: "mail",
    TaskKind.MEETING: "calendar",
    TaskKind.VISIT: "visit",
}


class Answer(models.TextChoices):
    """What a guest answered to the invitation."""

    NONE = "", _("No answer")
    ACCEPTED = "accepted", pgettext_lazy("invitation", "Accepted")
    TENTATIVE = "tentative", pgettext_lazy("invitation", "Perhaps")
    DECLINED = "declined", pgettext_lazy("invitation", "Declined")
