from django.utils.translation import gettext_lazy as _

from .sockets import Kind, kinds

kinds.register(
    Kind(9, "brand", "core.Brand", _("Brand"), _("Brands"), "building-store"),
    Kind(170, "exchange_rate", "core.ExchangeRate", _("Exchange rate"), _("Exchange rates"), "coins"),
)
