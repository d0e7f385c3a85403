"""Shipped roles get what is declared later, once, and never again what an administrator took away."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from crm.accounts.models import Role
from crm.accounts.seeds import seed_roles
from crm.core import switches
from crm.core.actor import Actor

from ..actions.roles import update_role

pytestmark = pytest.mark.django_db
LATER = "landing.delete"


def marketer() -> Role:
    return Role.objects.get(key="marketer")


def as_before(known: Collection[str] | None) -> None:
    """The role as it was seeded before one right was declared."""
    role = marketer()
    Role.objects.filter(pk=role.pk).update(
        permissions=[name for name in role.permissions if name != LATER], seeded_permissions=known
    )


def take_away(name: str) -> None:
    role = marketer()
    values = {"permissions": [each for each in role.permissions if each != name], "scopes": role.scopes}
    update_role(actor=Actor.system(), record=role, values=values)


def test_a_later_right_comes_once_and_what_was_taken_away_stays_away() -> None:
    seed_roles()
    assert LATER in marketer().permissions
    as_before([name for name in marketer().seeded_permissions or [] if name != LATER])
    take_away("campaigns.send")
    seed_roles()
    held = marketer().permissions
    assert LATER in held and "campaigns.send" not in held
    take_away(LATER)
    before = marketer().updated_at
    seed_roles()
    assert LATER not in marketer().permissions and marketer().updated_at == before
    assert LATER not in Role.objects.get(key="agent").permissions


def test_a_role_from_before_this_was_kept_gets_it_unless_somebody_changed_it() -> None:
    seed_roles()
    as_before(None)
    seed_roles()
    assert LATER in marketer().permissions and marketer().seeded_permissions is not None
    take_away("campaigns.send")
    as_before(None)
    seed_roles()
    assert not {LATER, "campaigns.send"} & set(marketer().permissions)


def test_an_app_that_is_off_keeps_what_its_rights_were() -> None:
    seed_roles()
    take_away(LATER)
    switches.take({"marketing"})
    try:
        seed_roles()
    finally:
        switches.take(())
    seed_roles()
    assert LATER not in marketer().permissions
