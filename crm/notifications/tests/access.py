"""A person's own notifications: being signed in is enough."""

from crm.testing.access import LOGIN, PUBLIC

_names = (
    "notification_list notification_bell notification_read_all notification_clear notification_read "
    "notification_unread notification_mute notification_unmute settings choices_save choices_reset mute_remove "
    "push_subscribe push_remove"
)

access_table = {f"notifications:{name}": LOGIN for name in _names.split()}
access_table["notifications:push_worker"] = PUBLIC
