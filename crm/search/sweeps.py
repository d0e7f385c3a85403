"""What no deed brings in: marked and outdated entries soon, records without an entry every hour."""

from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Sweep, sweeps

from .indexing import index_missing, refresh_stale

sweeps.register(
    Sweep("search.stale", _("Refresh the search index"), 10, refresh_stale, queue="bulk"),
    Sweep("search.missing", _("Complete the search index"), 3600, index_missing, queue="bulk"),
)
