"""Leads and pools in legal states, made by calling actions."""

from __future__ import annotations

import itertools
from typing import Any

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.core.actor import Actor
from crm.core.models import Brand
from crm.core.translated import Translated
from sales.actions import capture_lead, create_lead
from sales.actions.lead_desk import save_lead_rule, save_pool
from sales.models import Lead, LeadRule, Pool

SYSTEM = Actor.system()
_numbers = itertools.count(1)


def words(text: str) -> Translated:
    """The same text in both languages."""
    return Translated({"en": text, "zh-hans": text})


def make_pool(*users: User, name: str = "East", **values: Any) -> Pool:
    """A pool of these people."""
    return save_pool(actor=SYSTEM, values={"name": words(name), "users": list(users), **values})


def make_lead(**values: Any) -> Lead:
    """A lead with a mail address, in a pool or with an owner if the values say so."""
    number = next(_numbers)
    defaults = {"name": f"Prospect {number}", "email": f"prospect{number}@example.test"}
    return create_lead(actor=SYSTEM, values={**defaults, **values})


def make_rule(**values: Any) -> LeadRule:
    """An assignment rule before the seeded one."""
    return save_lead_rule(actor=SYSTEM, values={"name": words("Rule"), "order": 1, **values})


def fill_form(**values: Any) -> Lead:
    """A visitor's form."""
    number = next(_numbers)
    defaults = {"name": "Ada", "email": f"ada{number}@example.test", "phone": "", "message": "Prices?"}
    return capture_lead(
        actor=Actor.guest(), brand=Brand.default(), form_key=f"form-key-of-test-{number:06d}",
        values={**defaults, **values},
    )  # fmt: skip


def fresh(user: User) -> Actor:
    """The user's actor as a new request sees it."""
    return actor_for(User.objects.get(pk=user.pk))
