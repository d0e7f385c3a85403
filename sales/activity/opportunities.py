from django.utils.translation import gettext_lazy as _

from crm.core.sockets import ActivityType, activity_types

_SEE = "opportunities.view"

activity_types.register(
    ActivityType(
        1600, "opportunities.created", _("Opportunity created"),
        _("%(actor)s created the opportunity O-%(number)s %(name)s: %(amount)s"), "opportunity", "info", _SEE,
    ),
    ActivityType(
        1601, "opportunities.updated", _("Opportunity changed"),
        _("%(actor)s changed O-%(number)s: %(fields)s"), "edit", "neutral", _SEE,
    ),
    ActivityType(
        1602, "opportunities.moved", _("Stage changed"),
        _("%(actor)s moved O-%(number)s from %(from)s to %(to)s"), "board", "info", _SEE,
    ),
    ActivityType(
        1603, "opportunities.won", _("Opportunity won"), _("%(actor)s won O-%(number)s %(name)s: %(amount)s"),
        "check", "success", _SEE,
    ),
    ActivityType(
        1604, "opportunities.lost", _("Opportunity lost"),
        _("%(actor)s noted that O-%(number)s %(name)s was lost: %(reason)s"), "close", "danger", _SEE, card=True,
    ),
    ActivityType(
        1605, "opportunities.reopened", _("Opportunity reopened"), _("%(actor)s reopened O-%(number)s"), "undo",
        "info", _SEE,
    ),
    ActivityType(
        1606, "opportunities.lines_set", _("Products changed"),
        _("%(actor)s set the products of O-%(number)s: %(amount)s"), "product", "neutral", _SEE,
    ),
    ActivityType(
        1607, "opportunities.collaborators_set", _("Collaborators changed"),
        _("%(actor)s set the collaborators of O-%(number)s: %(names)s"), "assign", "neutral", _SEE,
    ),
    ActivityType(
        1608, "opportunities.handed_over", _("Opportunity handed over"),
        _("%(actor)s handed O-%(number)s over to %(to)s"), "assign", "info", _SEE,
    ),
    ActivityType(
        1609, "opportunities.deleted", _("Opportunity deleted"),
        _("%(actor)s moved O-%(number)s %(name)s to the recycle bin"), "trash", "danger", _SEE,
    ),
    ActivityType(
        1610, "opportunities.restored", _("Opportunity restored"),
        _("%(actor)s took O-%(number)s %(name)s out of the recycle bin"), "restore", "success", _SEE,
    ),
    ActivityType(
        1611, "opportunities.erased", _("Opportunity deleted for good"),
        _("%(actor)s deleted O-%(number)s %(name)s for good"), "trash", "danger", _SEE, lane="bulk",
    ),
    ActivityType(
        1612, "opportunities.noted", _("Note"), _("%(actor)s wrote a note on O-%(number)s"), "note", "neutral", _SEE,
        card=True,
    ),
    ActivityType(
        1613, "opportunities.went_stale", _("Opportunity stands still"),
        _("O-%(number)s %(name)s has been in %(stage)s for %(days)s days"), "clock", "warning", _SEE,
    ),
    ActivityType(
        1752, "opportunities.targets_set", _("Sales targets set"),
        _("%(actor)s set %(count)s sales targets of %(year)s"), "target", "info", "opportunities.set_targets",
    ),
    ActivityType(
        1753, "opportunities.settings_changed", _("Sales settings changed"), _("%(actor)s saved %(what)s"), "settings",
        "neutral", "opportunities.manage",
    ),
)  # fmt: skip
