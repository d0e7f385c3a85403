from django.utils.translation import gettext_lazy as _

from crm.jobs.runners import Runner, runners

from .indexes import build_or_drop

runners.register(Runner("fields.index", _("Index of a custom field"), build_or_drop))
