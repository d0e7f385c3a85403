"""What can happen to an article. data always holds number, title and language."""

from django.utils.translation import gettext_lazy as _

from crm.core.sockets import ActivityType, activity_types

_SEE, _WRITE = "knowledge.view", "knowledge.write"

activity_types.register(
    ActivityType(1400, "knowledge.created", _("Article begun"), _("%(actor)s began the article “%(title)s”"),
                 "article", "info", _WRITE),
    ActivityType(1401, "knowledge.saved", _("Text saved"),
                 _("%(actor)s saved version %(version)s of “%(title)s”"), "edit", "neutral", _WRITE, card=True),
    ActivityType(1402, "knowledge.review_asked", _("Review asked for"),
                 _("%(actor)s asks for a review of “%(title)s”"), "send", "warning", _WRITE, card=True),
    ActivityType(1403, "knowledge.approved", _("Text approved"), _("%(actor)s agrees to “%(title)s”"),
                 "ok", "success", _WRITE),
    ActivityType(1404, "knowledge.sent_back", _("Text sent back"), _("%(actor)s sent back “%(title)s”"),
                 "undo", "caution", _WRITE, card=True),
    ActivityType(1405, "knowledge.published", _("Article published"),
                 _("%(actor)s published version %(version)s of “%(title)s”"), "open", "success", _SEE),
    ActivityType(1406, "knowledge.scheduled", _("Publication planned"),
                 _("%(actor)s planned the publication of “%(title)s”"), "calendar", "info", _WRITE),
    ActivityType(1407, "knowledge.unpublished", _("Article taken back"),
                 _("%(actor)s took “%(title)s” back"), "hide", "caution", _SEE),
    ActivityType(1408, "knowledge.updated", _("Article changed"), _("%(actor)s changed the properties of “%(title)s”"),
                 "settings", "neutral", _WRITE),
    ActivityType(1409, "knowledge.deleted", _("Article deleted"), _("%(actor)s deleted “%(title)s”"),
                 "delete", "danger", _WRITE),
    ActivityType(1410, "knowledge.restored", _("Article restored"),
                 _("%(actor)s took “%(title)s” out of the recycle bin"), "restore", "success", _WRITE),
    ActivityType(1411, "knowledge.erased", _("Article deleted for good"),
                 _("%(actor)s deleted “%(title)s” for good"), "delete", "danger", _WRITE, lane="bulk"),
    ActivityType(1412, "knowledge.disliked", _("Article did not help several readers"),
                 _("“%(title)s” did not help several readers"), "warning", "warning", _SEE),
    ActivityType(1413, "knowledge.checked", _("Article checked"), _("%(actor)s says that “%(title)s” is still right"),
                 "ok", "success", _SEE),
    ActivityType(1414, "knowledge.schedule_dropped", _("Planned publication dropped"),
                 _("%(actor)s dropped the planned publication of “%(title)s”"), "close", "neutral", _WRITE),
    ActivityType(1420, "knowledge.category_saved", _("Category saved"), _("%(actor)s saved the category “%(title)s”"),
                 "category", "neutral", _SEE),
    ActivityType(1421, "knowledge.category_deleted", _("Category deleted"),
                 _("%(actor)s deleted the category “%(title)s”"), "delete", "danger", _SEE),
    ActivityType(1430, "knowledge.miss_settled", _("Search settled"),
                 _("%(actor)s settled the search for “%(title)s”"), "ok", "neutral", _WRITE),
)  # fmt: skip
