"""What a condition finds before it is saved: how many, line by line, with a sample."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from crm.conditions import tree as trees
from crm.conditions.language import Branch, Check, Condition
from crm.conditions.operators import settled
from crm.conditions.registry import CATALOGUE
from crm.conditions.sentences import Speaker
from crm.core import clock
from crm.core.actor import Actor

from ..choices import ConsentChannel
from ..conditions.belongings import said_yes
from ..models import Contact, Customer
from .rights import ON, company_time, reach_of

#: Counting stops after so long; the segment itself is computed by a job, which may take longer.
LIMIT_MS = 4000
SAMPLE, COLUMNS, LINES = 10, 4, 8


@dataclass(slots=True)
class Preview:
    """size: None when counting took too long. lines: (sentence, customers left after it), empty unless all must hold.

    columns: what the condition asks about; sample: (customer, values of the columns). mailable: of the contacts
    those who agreed to marketing by mail.
    """

    size: int | None = None
    lines: list[tuple[str, int]] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    sample: list[tuple[Customer, list[str]]] = field(default_factory=list)
    contacts: int = 0
    mailable: int = 0
    milliseconds: int = 0
    saved_size: int | None = None

    @property
    def fewer(self) -> int:
        """By how many it shrinks."""
        return -self.change

    @property
    def change(self) -> int:
        """Against the saved version."""
        return 0 if self.size is None or self.saved_size is None else self.size - self.saved_size


def preview(condition: Condition, author: Actor, viewer: Actor, saved_size: int | None = None) -> Preview:
    """Counts what a segment of this author would hold; the sample shows what the viewer may see of it."""
    found, began = Preview(saved_size=saved_size), time.monotonic()
    try:
        with transaction.atomic(), company_time():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(LIMIT_MS)])
            _count(found, condition, author, viewer)
            _sample(found, condition, reach_of(author) & Customer.objects.visible_to(viewer), viewer)
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', '0', true)")
    except OperationalError as error:
        if "statement timeout" not in str(error):
            raise
        found = Preview(saved_size=saved_size)
    found.milliseconds = round((time.monotonic() - began) * 1000)
    return found


def _count(found: Preview, condition: Condition, author: Actor, viewer: Actor) -> None:
    """Customers after each line, and the people at those who remain. Two queries."""
    now, root, rows = clock.now(), condition.root, reach_of(author)
    together = [item.expression(now) for item in root.items]
    in_turn = root.match == "all" and not root.negative and 1 < len(together) <= LINES
    steps = {f"after_{i}": Count("pk", filter=Q(*together[: i + 1])) for i in range(len(together))} if in_turn else {}
    whole = Count("pk", filter=Q(settled(root.expression(now))))
    counts = rows.order_by().aggregate(whole=whole, **steps)
    found.size = counts["whole"]
    if in_turn:
        speaker = Speaker(ON, viewer, CATALOGUE)
        found.lines = [(_said(speaker, item), counts[f"after_{i}"]) for i, item in enumerate(root.items)]
    people = Contact.objects.filter(Exists(condition.filter(rows, now).filter(pk=OuterRef("customer_id"))))
    agreed = Exists(said_yes().filter(contact=OuterRef("pk"), channel=ConsentChannel.EMAIL))
    sums = people.order_by().aggregate(all=Count("pk"), mailable=Count("pk", filter=agreed))
    found.contacts, found.mailable = sums["all"], sums["mailable"]


def _sample(found: Preview, condition: Condition, rows: QuerySet[Any], viewer: Actor) -> None:
    """The newest of them, with what the condition asks about. One query."""
    asked = [check.path for check in condition.root.checks() if _is_plain(check)]
    paths = list({path.key: path for path in asked if path.readable_by(viewer)}.values())[:COLUMNS]
    matching = condition.filter(rows, clock.now())
    for i, path in enumerate(paths):
        source = path.field.expression
        if callable(source):
            matching = matching.annotate(**{f"shown_{i}": source()})
    speaker = Speaker(ON, viewer, CATALOGUE)
    found.columns = [str(path.label) for path in paths]
    for customer in matching.select_related("owner").order_by("-created_at", "-pk")[:SAMPLE]:
        values = [getattr(customer, f"shown_{i}", None) if callable(path.field.expression) else path.read(customer)
                  for i, path in enumerate(paths)]  # fmt: skip
        found.sample.append((customer, [speaker.value(path, value) for path, value in zip(paths, values, strict=True)]))


def _is_plain(check: Check) -> bool:
    return not check.path.field.many and not check.path.steps and check.path.field.name != "name"


def _said(speaker: Speaker, item: Check | Branch) -> str:
    """One line of the outermost group."""
    if isinstance(item, Check):
        return speaker.said(item.json())
    text = speaker.group(trees.read({"v": trees.VERSION, **item.json()}))
    return text[:1].upper() + text[1:]
