from django.utils.translation import gettext_lazy as _

from crm.core.sockets import NotificationKind, notification_kinds

_LEADS, _SEE_LEADS = _("Leads"), "leads.view"

notification_kinds.register(
    NotificationKind(
        "leads.assigned", _("A lead is yours"), _LEADS, _SEE_LEADS, _("L-%(number)s %(name)s was assigned to you"),
        urgent=True, mail=True, push=True, order=10,
    ),
    NotificationKind(
        "leads.asked_again", _("Your lead wrote again"), _LEADS, _SEE_LEADS,
        _("L-%(number)s %(name)s filled in a form again"), push=True, order=20,
    ),
    NotificationKind(
        "leads.return_near", _("A lead goes back to its pool soon"), _LEADS, _SEE_LEADS,
        _("L-%(number)s %(name)s goes back to its pool in %(days)s days unless you follow up"), mail=True, order=30,
    ),
    NotificationKind(
        "leads.returned", _("A lead went back to its pool"), _LEADS, _SEE_LEADS,
        _("L-%(number)s %(name)s went back to its pool"), order=40,
    ),
)  # fmt: skip
_GROUP, _SEE = _("Sales"), "opportunities.view"

notification_kinds.register(
    NotificationKind(
        "opportunities.assigned", _("Opportunity for you"), _GROUP, _SEE,
        _("%(actor)s gave you the opportunity O-%(number)s %(name)s"), order=10,
    ),
    NotificationKind(
        "opportunities.team_won", _("Won by my team"), _GROUP, _SEE,
        _("%(actor)s won O-%(number)s %(name)s: %(amount)s"), order=20,
    ),
    NotificationKind(
        "opportunities.stale", _("Opportunity stands still"), _GROUP, _SEE,
        _("O-%(number)s %(name)s has been in %(stage)s for %(days)s days"), order=30,
    ),
)  # fmt: skip
_CONTRACTS, _SEE_CONTRACTS, _SEE_PAYMENTS = _("Contracts"), "contracts.view", "payments.view"

notification_kinds.register(
    NotificationKind("contracts.ending", _("Contract ends soon"), _CONTRACTS, _SEE_CONTRACTS,
                     _("The contract %(number)s %(name)s ends in %(days)s days"), mail=True, order=10),
    NotificationKind("contracts.expired", _("Contract ended"), _CONTRACTS, _SEE_CONTRACTS,
                     _("The contract %(number)s has ended and is not paid in full"), order=20),
    NotificationKind("contracts.answered", _("Answer to a contract"), _CONTRACTS, _SEE_CONTRACTS,
                     _("%(actor)s answered the contract %(number)s"), order=30),
    NotificationKind("contracts.handed_over", _("A contract is yours"), _CONTRACTS, _SEE_CONTRACTS,
                     _("%(actor)s handed the contract %(number)s over to you"), order=40),
    NotificationKind("payments.overdue", _("Payment overdue"), _CONTRACTS, _SEE_PAYMENTS,
                     _("%(customer)s owes %(amount)s on %(number)s, %(days)s days overdue"), mail=True, order=50),
    NotificationKind("payments.received", _("Payment received"), _CONTRACTS, _SEE_PAYMENTS,
                     _("%(actor)s recorded %(amount)s on %(contract)s"), order=60),
    NotificationKind("payments.reversed", _("Payment reversed"), _CONTRACTS, _SEE_PAYMENTS,
                     _("%(actor)s reversed a payment of %(amount)s on %(contract)s"), order=70),
)  # fmt: skip
_QUOTES, _SEE_QUOTES = _("Quotes"), "quotes.view"

notification_kinds.register(
    NotificationKind("quotes.accepted", _("Quote accepted"), _QUOTES, _SEE_QUOTES,
                     _("%(who)s accepted the quote %(number)s: %(amount)s"), mail=True, urgent=True, order=10),
    NotificationKind("quotes.declined", _("Quote declined"), _QUOTES, _SEE_QUOTES,
                     _("%(who)s declined the quote %(number)s"), order=20),
    NotificationKind("quotes.answered", _("Answer to a quote"), _QUOTES, _SEE_QUOTES,
                     _("%(actor)s answered the quote %(number)s"), order=30),
    NotificationKind("quotes.expired", _("Quote expired"), _QUOTES, _SEE_QUOTES, _("The quote %(number)s has expired"),
                     order=40),
)  # fmt: skip
_CUSTOMERS, _SEE_CUSTOMERS = _("Customers"), "customers.view"

notification_kinds.register(
    NotificationKind(
        "pools.return_near", _("A customer goes back to its pool soon"), _CUSTOMERS, _SEE_CUSTOMERS,
        _("C-%(number)s %(name)s goes back to its pool in %(days)s days unless you follow up"), mail=True, order=30,
    ),
    NotificationKind(
        "pools.returned", _("A customer went back to its pool"), _CUSTOMERS, _SEE_CUSTOMERS,
        _("C-%(number)s %(name)s went back to its pool"), order=40,
    ),
)  # fmt: skip
