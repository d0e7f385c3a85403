from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Kind, kinds

kinds.register(
    Kind(
        160,
        "opportunity",
        "sales.Opportunity",
        _("Opportunity"),
        _("Opportunities"),
        "opportunity",
        "sales:opportunity_detail",
        "number",
    ),
    Kind(161, "pipeline", "sales.Pipeline", _("Pipeline"), _("Pipelines"), "board", "salesdesk:stage_list"),
    Kind(162, "stage", "sales.Stage", _("Stage"), _("Stages"), "board", "salesdesk:stage_update"),
    Kind(
        163,
        "lost_reason",
        "sales.LostReason",
        _("Lost reason"),
        _("Lost reasons"),
        "close",
        "salesdesk:lost_reason_update",
    ),
)
kinds.register(
    Kind(165, "lead", "sales.Lead", _("Lead"), _("Leads"), "lead", "leads:lead_detail", "number"),
    Kind(166, "pool", "sales.Pool", _("Pool"), _("Pools"), "lead"),
    Kind(167, "lead_rule", "sales.LeadRule", _("Lead assignment rule"), _("Lead assignment rules"), "assign"),
    Kind(168, "score_rule", "sales.ScoreRule", _("Score rule"), _("Score rules"), "star"),
    Kind(169, "lead_settings", "sales.LeadSettings", _("Lead desk"), _("Lead desks"), "settings"),
)
kinds.register(
    Kind(171, "price_list", "sales.PriceList", _("Price list"), _("Price lists"), "tag", "salesdesk:price_list_update"),
    Kind(
        173,
        "price_list_item",
        "sales.PriceListItem",
        _("List price"),
        _("List prices"),
        "tag",
        "salesdesk:list_price_update",
    ),
    Kind(172, "target", "sales.Target", _("Sales target"), _("Sales targets"), "target"),
)
kinds.register(
    Kind(181, "contract", "sales.Contract", _("Contract"), _("Contracts"), "contract", "contracts:contract_detail"),
    Kind(182, "instalment", "sales.Instalment", _("Instalment"), _("Instalments"), "calendar"),
    Kind(183, "payment", "sales.Payment", _("Payment"), _("Payments"), "payment", "contracts:payment_detail"),
    Kind(184, "payment_settings", "sales.PaymentSettings", _("Payment settings"), _("Payment settings"), "settings"),
)
kinds.register(Kind(180, "quote", "sales.Quote", _("Quote"), _("Quotes"), "quote", "quotes:quote_detail"))
