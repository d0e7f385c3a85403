"""What of marketing may be seen and done, by role."""

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Scope
from crm.core.sockets import Module, Permission, permissions

permissions.register(
    Module(
        "campaigns",
        _("Campaigns"),
        [
            Permission("view", _("See campaigns, their recipients and results")),
            Permission("create", _("Prepare campaigns: audience, words, costs")),
            Permission("send", _("Schedule, start, pause and cancel campaigns")),
            Permission("suppress", _("Keep the suppression list"), _("Addresses that get no campaign")),
            Permission("manage", _("Set up topics")),
        ],
        order=36,
        defaults={
            "marketer": (["*"], Scope.ALL),
            "sales_manager": (["view"], Scope.ALL),
            "executive": (["view"], Scope.ALL),
            "auditor": (["view"], Scope.ALL),
        },
    )
)

permissions.register(
    Module(
        "journeys",
        _("Journeys"),
        [
            Permission("view", _("See journeys, the people in them and their results")),
            Permission("create", _("Prepare journeys: start, steps, rules")),
            Permission(
                "run", _("Start, pause and end journeys"), _("Also take people out, and make new versions live")
            ),
        ],
        order=36,
        defaults={
            "marketer": (["*"], Scope.ALL),
            "sales_manager": (["view"], Scope.ALL),
            "executive": (["view"], Scope.ALL),
            "auditor": (["view"], Scope.ALL),
        },
    )
)

permissions.register(
    Module(
        "landing",
        _("Landing pages"),
        [
            Permission("view", _("See landing pages, their results and what was sent")),
            Permission("create", _("Write landing pages"), _("Drafts and edits; visitors see them once published")),
            Permission("publish", _("Publish landing pages"), _("Also take them back and archive them")),
            Permission("delete", _("Delete landing pages"), _("Into the recycle bin, and out of it again")),
        ],
        order=37,
        defaults={
            "marketer": (["*"], Scope.ALL),
            "sales_manager": (["view"], Scope.ALL),
            "executive": (["view"], Scope.ALL),
            "auditor": (["view"], Scope.ALL),
        },
    )
)
