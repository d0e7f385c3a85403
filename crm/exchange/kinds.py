from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Kind, kinds

kinds.register(Kind(95, "import", "exchange.Import", _("Import"), _("Imports"), "import", "exchange:import_detail"))
