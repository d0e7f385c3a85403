from django.utils.translation import gettext_lazy as _

from crm.jobs.runners import Runner, runners

from .indexing import reindex_step

KIND = "search.reindex"

runners.register(Runner(KIND, _("Search index"), reindex_step))
