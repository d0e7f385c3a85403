"""The keys by which push services know this installation."""

from __future__ import annotations

from crm.core.actor import Actor
from crm.core.sockets import Seed, seeds

from .actions import make_push_key

seeds.register(Seed("notifications.push_key", lambda: make_push_key(actor=Actor.system()) and None, order=60))
