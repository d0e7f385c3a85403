from .choosing import mute, remove_mute, reset_choices, save_choices, save_delivery, unmute
from .mailing import mail_due, send_digest
from .pushing import make_push_key, remove_device, subscribe_device
from .reading import clear_all, mark_all_read, mark_read
from .telling import notify

__all__ = [
    "clear_all", "mail_due", "make_push_key", "mark_all_read", "mark_read", "mute", "notify", "remove_device",
    "remove_mute", "reset_choices", "save_choices", "save_delivery", "send_digest", "subscribe_device", "unmute",
]  # fmt: skip
