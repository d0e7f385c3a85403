from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Command, commands

commands.register(
    Command(
        "lead_new", _("New lead"), "lead", "leads:lead_create", "leads.create",
        keywords=_("prospect inquiry"), create=True, order=25,
    ),
)  # fmt: skip
commands.register(
    Command(
        "opportunity_new", _("New opportunity"), "opportunity", "sales:opportunity_create", "opportunities.create",
        keywords=_("deal sale chance"), create=True, order=30,
    ),
    Command(
        "forecast", _("Forecast"), "trend_up", "planning:forecast", "opportunities.view",
        keywords=_("target quota commit weighted"), order=32,
    ),
    Command(
        "funnel", _("Funnel"), "filter", "planning:funnel", "opportunities.view",
        keywords=_("conversion stages win rate"), order=33,
    ),
    Command(
        "pipeline_board", _("Pipeline board"), "opportunity", "sales:board", "opportunities.view",
        keywords=_("deals kanban stages"), order=31,
    ),
)  # fmt: skip
commands.register(
    Command(
        "quote_new", _("New quote"), "quote", "contracts:quote_pick", "quotes.create",
        keywords=_("offer price proposal"), create=True, order=35,
    ),
    Command(
        "contract_new", _("New contract"), "contract", "contracts:contract_pick", "contracts.create",
        keywords=_("agreement deal"), create=True, order=36,
    ),
    Command(
        "contracts", _("Contracts"), "contract", "contracts:contract_list", "contracts.view",
        keywords=_("agreement renewal"), order=46,
    ),
    Command(
        "payments_due", _("Payments due"), "calendar", "contracts:instalment_list", "payments.view",
        keywords=_("overdue instalment debt"), order=47,
    ),
    Command(
        "payments", _("Payments"), "payment", "contracts:payment_list", "payments.view",
        keywords=_("money received bank refund"), order=48,
    ),
)  # fmt: skip
commands.register(
    Command(
        "quotes", _("Quotes"), "quote", "quotes:quote_list", "quotes.view",
        keywords=_("offer price proposal"), order=45,
    ),
)  # fmt: skip
