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
        "",
        "number",
    ),
    Kind(161, "pipeline", "sales.Pipeline", _("Pipeline"), _("Pipelines"), "board"),
    Kind(162, "stage", "sales.Stage", _("Stage"), _("Stages"), "board"),
    Kind(163, "lost_reason", "sales.LostReason", _("Lost reason"), _("Lost reasons"), "close"),
)
