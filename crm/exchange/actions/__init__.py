from .checking import start_check
from .choosing import choose_columns
from .receiving import discard_import, receive_file
from .running import resume_run, start_run, stop_import
from .undoing import start_undo

__all__ = [
    "choose_columns",
    "discard_import",
    "receive_file",
    "resume_run",
    "start_check",
    "start_run",
    "start_undo",
    "stop_import",
]
