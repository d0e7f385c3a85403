"""Safe repetition: one key, one result. Call inside the action's transaction, before anything else."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.errors import Conflict

from .models import IdempotencyKey


def body_hash(body: Any) -> str:
    """A stable digest of JSON-able input."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()


def begin(*, route: str, actor: str, key: str, body: Any) -> IdempotencyKey | None:
    """Claims the key; None means it is new and the caller goes on, then calls `finish`.

    A rival with the same key waits for the first one's transaction and gets the stored row.
    Raises `Conflict` when the same key came with another body.
    """
    digest = body_hash(body)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO jobs_idempotencykey (route, actor, key, body_hash, answer, created_at)"
            " VALUES (%s, %s, %s, %s, '{}', %s) ON CONFLICT (route, actor, key) DO NOTHING",
            [route, actor, key[:255], digest, clock.now()],
        )
        if cursor.rowcount:
            return None
    row = IdempotencyKey.objects.get(route=route, actor=actor, key=key[:255])
    if row.body_hash != digest:
        raise Conflict(_("This form was already sent with other content. Open it again to send another one."))
    return row


def finish(*, route: str, actor: str, key: str, answer: dict[str, Any]) -> None:
    """Stores the answer that a repetition will get."""
    IdempotencyKey.objects.filter(route=route, actor=actor, key=key[:255]).update(answer=answer)
