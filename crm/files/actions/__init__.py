from .attachments import attach_file, attach_uploads, copy_attachments, remove_attachment
from .uploads import gather_uploads, stage_upload

__all__ = ["attach_file", "attach_uploads", "copy_attachments", "gather_uploads", "remove_attachment", "stage_upload"]
