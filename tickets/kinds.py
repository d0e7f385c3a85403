from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Kind, kinds

kinds.register(
    Kind(
        150,
        "ticket",
        "tickets.Ticket",
        _("Ticket"),
        _("Tickets"),
        "ticket",
        "tickets:ticket_detail",
        "number",
    ),
    Kind(159, "request", "tickets.Request", _("Request"), _("Requests"), "ticket", "requests:request_detail", "number"),
    Kind(
        151,
        "request_type",
        "tickets.RequestType",
        _("Request type"),
        _("Request types"),
        "forms",
        "desk:request_type_detail",
    ),
    Kind(152, "sla_policy", "tickets.SlaPolicy", _("SLA policy"), _("SLA policies"), "clock"),
    Kind(153, "agent_profile", "tickets.AgentProfile", _("Agent profile"), _("Agent profiles"), "user"),
    Kind(154, "status", "tickets.Status", _("Status"), _("Statuses"), "set_status"),
    Kind(155, "skill", "tickets.Skill", _("Skill"), _("Skills"), "star"),
    Kind(156, "service_settings", "tickets.ServiceSettings", _("Service desk"), _("Service desks"), "settings"),
    Kind(157, "canned_reply", "tickets.CannedReply", _("Canned reply"), _("Canned replies"), "canned_reply"),
    Kind(158, "macro", "tickets.Macro", _("Macro"), _("Macros"), "automation"),
)
