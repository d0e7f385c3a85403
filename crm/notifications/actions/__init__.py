from .reading import clear_all, mark_all_read, mark_read
from .telling import notify

__all__ = ["clear_all", "mark_all_read", "mark_read", "notify"]
