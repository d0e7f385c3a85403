from django.utils.translation import gettext_lazy as _

from crm.core.sockets import NotificationKind, notification_kinds

_GROUP = _("Knowledge")

notification_kinds.register(
    NotificationKind(
        "knowledge.review_asked", _("Article to review"), _GROUP, "knowledge.review",
        _("%(actor)s asks for a review of “%(title)s”"), order=10,
    ),
    NotificationKind(
        "knowledge.sent_back", _("Article sent back or approved"), _GROUP, "knowledge.write",
        _("%(actor)s looked at “%(title)s”"), order=20,
    ),
    NotificationKind(
        "knowledge.disliked", _("Article of yours did not help"), _GROUP, "knowledge.view",
        _("“%(title)s” did not help several readers"), order=30,
    ),
)  # fmt: skip
