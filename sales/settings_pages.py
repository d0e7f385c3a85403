from django.utils.translation import gettext_lazy as _

from crm.core.sockets import SettingsPage, settings_pages

_LEADS = "leads.manage"

settings_pages.register(
    SettingsPage(
        "lead_desk", "sales", _("Lead desk"), _("The most points of a score, hot leads, and the contact form."), "lead",
        "leaddesk:lead_settings", _LEADS, 10, _("consent form spam hot score"),
    ),
    SettingsPage(
        "payments", "sales", _("Payments"), _("When customers are reminded of money due, and whether by itself."),
        "payment", "contracts:payment_settings", "payments.manage", 60, _("reminder overdue dunning instalment"),
    ),
    SettingsPage(
        "pools", "sales", _("Pools"), _("Who may claim how many leads or customers, and when one goes back."), "lead",
        "leaddesk:pool_list", _LEADS, 20, _("public pool claim capacity protection return"),
    ),
    SettingsPage(
        "lead_rules", "sales", _("Lead assignment rules"), _("Which new leads go to which pool, person or team."),
        "assign", "leaddesk:lead_rule_list", _LEADS, 30, _("routing round robin"),
    ),
    SettingsPage(
        "score_rules", "sales", _("Score rules"), _("What makes a lead worth a call, in points."), "star",
        "leaddesk:score_rule_list", _LEADS, 40, _("points fit engagement"),
    ),
    SettingsPage(
        "pipelines", "sales", _("Pipelines"),
        _("The ways of selling, with their stages, probabilities and usual days."), "board",
        "salesdesk:pipeline_list", "opportunities.manage", 44, _("stage probability funnel"),
    ),
    SettingsPage(
        "lost_reasons", "sales", _("Lost reasons"), _("Why opportunities are lost; reports count them."), "close",
        "salesdesk:lost_reason_list", "opportunities.manage", 46, _("why lost competitor price"),
    ),
    SettingsPage(
        "price_lists", "sales", _("Price lists"), _("What products cost for which customers, from when to when."),
        "tag", "salesdesk:price_list_list", "quotes.price_lists", 50, _("discount tier quantity currency"),
    ),
    SettingsPage(
        "sales_targets", "sales", _("Sales targets"), _("What each person, team and department is to sell or be paid."),
        "target", "planning:targets", "opportunities.set_targets", 60, _("quota goal month quarter year"),
    ),
)  # fmt: skip
