"""Two declared kinds, one of which needs a permission."""

from __future__ import annotations

import pytest

from crm.core.sockets import NotificationKind, notification_kinds

KINDS = (
    NotificationKind("test.replied", "Reply", "Replies", sentence="%(actor)s replied to %(number)s"),
    NotificationKind(
        "test.mail", "Mail failed", "Mail trouble", "messaging.manage_mail", sentence="A mail to %(to)s failed"
    ),
    NotificationKind("test.plain", "Something happened", "Replies"),
)


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    for kind in KINDS:
        monkeypatch.setitem(notification_kinds._entries, kind.key, kind)


@pytest.fixture
def people(db, django_user_model):
    return [
        django_user_model.objects.create_user(f"p{number}@example.com", name=f"Person {number}") for number in range(3)
    ]
