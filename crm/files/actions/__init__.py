from .attachments import attach_file, attach_uploads, remove_attachment
from .uploads import stage_upload

__all__ = ["attach_file", "attach_uploads", "remove_attachment", "stage_upload"]
