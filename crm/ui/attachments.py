from crm.core.sockets import AttachmentOwner, attachment_owners

from .generic.exports import may_open_export

attachment_owners.register(AttachmentOwner("job", may_open_export))
