from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Kind, kinds

kinds.register(Kind(50, "attachment", "files.Attachment", _("Attachment"), _("Attachments"), "paperclip"))
