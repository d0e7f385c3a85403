"""A folder for contents, and a record (a user) whose files its own scope guards."""

from __future__ import annotations

import pytest

from crm.accounts.models import User
from crm.core.sockets import AttachmentOwner, attachment_owners


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def owner(db, monkeypatch):
    """A record that files hang on: open to staff and to the system, and to guests when public."""
    user = User.objects.create_user("owner@example.com", name="Wang Jing")

    def visible(actor, object_id, attachment):
        return User.objects.visible_to(actor).filter(pk=object_id, is_active=True).exists()

    monkeypatch.setitem(attachment_owners._entries, "user", AttachmentOwner("user", visible))
    return user
