from django.utils.translation import gettext_lazy as _

from crm.core.sockets import ActivityType, activity_types

_SEE = "leads.view"

activity_types.register(
    ActivityType(
        1650, "leads.created", _("Lead entered"),
        _("%(actor)s entered the lead L-%(number)s %(name)s"),
        "lead", "info", _SEE,
    ),
    ActivityType(
        1651, "leads.captured", _("Lead came in"),
        _("L-%(number)s %(name)s came in: %(source)s"),
        "lead", "info", _SEE, card=True,
    ),
    ActivityType(
        1652, "leads.asked_again", _("Lead wrote again"),
        _("L-%(number)s %(name)s filled in a form again"),
        "lead", "info", _SEE, card=True,
    ),
    ActivityType(
        1653, "leads.updated", _("Lead changed"),
        _("%(actor)s changed L-%(number)s: %(fields)s"),
        "edit", "neutral", _SEE,
    ),
    ActivityType(
        1654, "leads.talked", _("Follow-up"),
        _("%(actor)s followed up L-%(number)s: %(what)s"),
        "phone", "info", _SEE, card=True,
    ),
    ActivityType(
        1655, "leads.claimed", _("Lead claimed"),
        _("%(actor)s claimed L-%(number)s %(name)s from %(pool)s"),
        "assign", "success", _SEE,
    ),
    ActivityType(
        1656, "leads.assigned", _("Lead assigned"),
        _("%(actor)s gave L-%(number)s %(name)s to %(to)s"),
        "assign", "info", _SEE, card=True,
    ),
    ActivityType(
        1657, "leads.released", _("Lead returned to the pool"),
        _("%(actor)s returned L-%(number)s %(name)s to %(pool)s"),
        "undo", "warning", _SEE, card=True,
    ),
    ActivityType(
        1658, "leads.returned", _("Lead went back by itself"),
        _("L-%(number)s %(name)s went back to %(pool)s"),
        "undo", "warning", _SEE, card=True,
    ),
    ActivityType(
        1659, "leads.return_near", _("Lead goes back soon"),
        _("L-%(number)s %(name)s goes back to %(pool)s in %(days)s days"),
        "clock", "warning", _SEE,
    ),
    ActivityType(
        1660, "leads.discarded", _("Lead discarded"),
        _("%(actor)s discarded L-%(number)s %(name)s: %(reason)s"),
        "close", "danger", _SEE, card=True,
    ),
    ActivityType(
        1661, "leads.reopened", _("Lead reopened"),
        _("%(actor)s reopened L-%(number)s %(name)s"),
        "undo", "info", _SEE,
    ),
    ActivityType(
        1662, "leads.converted", _("Lead converted"),
        _("%(actor)s converted the lead L-%(number)s %(name)s to the customer %(customer)s"),
        "check", "success", _SEE,
    ),
    ActivityType(
        1663, "leads.deleted", _("Lead deleted"),
        _("%(actor)s moved L-%(number)s %(name)s to the recycle bin"),
        "trash", "danger", _SEE,
    ),
    ActivityType(
        1664, "leads.restored", _("Lead restored"),
        _("%(actor)s took L-%(number)s %(name)s out of the recycle bin"),
        "restore", "success", _SEE,
    ),
    ActivityType(
        1665, "leads.erased", _("Lead deleted for good"),
        _("%(actor)s deleted L-%(number)s %(name)s for good"),
        "trash", "danger", _SEE, lane="bulk",
    ),
    ActivityType(
        1666, "leads.duplicate_shown", _("Told that the lead exists"),
        _("%(actor)s was told that this lead exists and belongs to %(owner)s"),
        "eye", "neutral", _SEE,
    ),
    ActivityType(
        1667, "leads.settings_changed", _("Lead desk changed"),
        _("%(actor)s saved %(what)s"), "settings", "neutral",
        "leads.manage",
    ),
)  # fmt: skip
