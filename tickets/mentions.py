"""Colleagues named in a note: "@Han Mei", or "@[Han Mei]" where the name runs into the next word."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crm.accounts.access import actor_for, users_who_can
from crm.accounts.models import User
from crm.core import names

from .models import Ticket

#: A sign that is no part of a mail address, and what may follow it.
_SIGN = re.compile(r"(?<![A-Za-z0-9._%+-])[@＠](?=\S)")
MOST = 20


@dataclass(frozen=True, slots=True)
class Mention:
    """A colleague that a text names. may_see: whether the ticket is in their set."""

    user: User
    may_see: bool


def mentions_in(text: str, ticket: Ticket) -> list[Mention]:
    """Who a text names, in its order, each once and 20 at most; of several names that fit, the longest.

    Two queries, and a few for each person named; none for a text without the sign.
    """
    starts = [match.end() for match in _SIGN.finditer(text)]
    if not starts:
        return []
    people: dict[str, list[User]] = {}
    for user in users_who_can("tickets.view"):
        people.setdefault(names.fold(user.name), []).append(user)
    longest = sorted(filter(None, people), key=len, reverse=True)
    found: dict[int, User] = {}
    for start in starts:
        name = _name_at(text[start : start + 210], longest)
        found |= {user.pk: user for user in people.get(name, [])}
    return [Mention(user, may_see(user, ticket)) for user in list(found.values())[:MOST]]


def may_see(user: User, ticket: Ticket) -> bool:
    """Whether the ticket is in a user's set."""
    return Ticket.objects.visible_to(actor_for(user)).filter(pk=ticket.pk).exists()


def _name_at(rest: str, longest: list[str]) -> str:
    """The known name with which a text begins, or ""."""
    if rest.startswith("["):
        return names.fold(rest[1:].split("]", 1)[0])
    folded = names.fold(rest)
    return next((name for name in longest if folded.startswith(name) and _ends(folded, len(name))), "")


def _ends(folded: str, end: int) -> bool:
    """Whether a name may end there: letters A to Z and digits do not run on; Chinese is written without spaces."""
    before, after = folded[end - 1], folded[end : end + 1]
    return not (before.isascii() and after.isascii() and after.isalnum())
