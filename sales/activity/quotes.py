from django.utils.translation import gettext_lazy as _

from crm.core.sockets import ActivityType, activity_types

_SEE = "quotes.view"

activity_types.register(
    ActivityType(1800, "quotes.created", _("Quote created"), _("%(actor)s created the quote %(number)s %(name)s"),
                 "quote", "info", _SEE),
    ActivityType(1801, "quotes.updated", _("Quote changed"), _("%(actor)s changed the quote %(number)s: %(amount)s"),
                 "edit", "neutral", _SEE),
    ActivityType(1802, "quotes.submitted", _("Quote submitted"),
                 _("%(actor)s submitted the quote %(number)s for approval: %(amount)s"), "approve", "info", _SEE),
    ActivityType(1803, "quotes.ready", _("Quote ready"), _("The quote %(number)s may be sent: %(amount)s"), "ok",
                 "info", _SEE),
    ActivityType(1804, "quotes.sent", _("Quote sent"), _("%(actor)s sent the quote %(number)s to %(to)s: %(amount)s"),
                 "send", "info", _SEE, card=True),
    ActivityType(1805, "quotes.versioned", _("New version"),
                 _("%(actor)s made the version %(number)s of the quote"), "copy", "neutral", _SEE),
    ActivityType(1806, "quotes.voided", _("Quote void"), _("%(actor)s voided the quote %(number)s"), "close",
                 "danger", _SEE, card=True),
    ActivityType(1807, "quotes.replaced", _("Quote replaced"), _("The quote %(number)s is replaced by %(by)s"),
                 "copy", "neutral", _SEE),
    ActivityType(1808, "quotes.accepted", _("Quote accepted"), _("%(who)s accepted the quote %(number)s: %(amount)s"),
                 "done", "success", _SEE, lane="urgent"),
    ActivityType(1809, "quotes.declined", _("Quote declined"), _("%(who)s declined the quote %(number)s"), "reject",
                 "danger", _SEE, card=True),
    ActivityType(1810, "quotes.expired", _("Quote expired"), _("The quote %(number)s has expired"), "clock",
                 "caution", _SEE),
    ActivityType(1811, "quotes.answered", _("Answer to a quote"), _("%(actor)s answered the quote %(number)s"),
                 "customer_replied", "info", _SEE, card=True),
    ActivityType(1812, "quotes.handed_over", _("Quote handed over"),
                 _("%(actor)s handed the quote %(number)s over to %(to)s"), "assign", "info", _SEE),
    ActivityType(1750, "quotes.prices_changed", _("Price list changed"), _("%(actor)s saved %(what)s"), "tag",
                 "neutral", _SEE),
    ActivityType(1751, "quotes.price_removed", _("Price removed"), _("%(actor)s removed the price %(what)s"),
                 "delete", "warning", _SEE),
)  # fmt: skip
