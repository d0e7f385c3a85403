from django.utils.translation import gettext_lazy as _

from crm.core.sockets import NotificationKind, notification_kinds

_GROUP, _SEE = _("Approvals"), "approvals.decide"

notification_kinds.register(
    NotificationKind("approvals.asked", _("Waiting for my approval"), _GROUP, _SEE,
                     _("%(actor)s asks you to approve %(title)s"), mail=True, urgent=True, order=10, push=True,
                     mail_if_away=True),
    NotificationKind("approvals.decided", _("My request is decided"), _GROUP, _SEE,
                     _("%(actor)s decided on %(title)s: %(outcome)s"), order=20),
)  # fmt: skip
