"""Who may open files: a signature or the subject's own access decides, so no address asks to sign in."""

from crm.testing.access import PUBLIC

_names = "upload_create attachment_download attachment_preview signed_download signed_preview"

access_table = {f"files:{name}": PUBLIC for name in _names.split()}
