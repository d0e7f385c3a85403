from django.utils.translation import gettext_lazy as _

from crm.jobs.runners import Runner, runners

from .segmenting.computing import KIND, step

runners.register(Runner(KIND, _("Members of a segment"), step))
