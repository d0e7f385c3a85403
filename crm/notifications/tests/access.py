"""A person's own notifications: being signed in is enough."""

from crm.testing.access import LOGIN

_names = (
    "notification_list notification_bell notification_read_all notification_clear notification_read notification_unread"
)

access_table = {f"notifications:{name}": LOGIN for name in _names.split()}
