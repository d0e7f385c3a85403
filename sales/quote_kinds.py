from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Kind, kinds

kinds.register(Kind(180, "quote", "sales.Quote", _("Quote"), _("Quotes"), "quote", "quotes:quote_detail"))
