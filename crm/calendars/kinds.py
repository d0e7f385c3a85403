from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Kind, kinds

kinds.register(Kind(40, "calendar", "calendars.Calendar", _("Business calendar"), _("Business calendars"), "calendar"))
