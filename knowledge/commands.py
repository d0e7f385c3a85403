from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Command, commands

commands.register(
    Command("article_new", _("New article"), "article", "knowledge:article_create", "knowledge.write", create=True,
            keywords=_("create write knowledge help"), order=60),
)  # fmt: skip
