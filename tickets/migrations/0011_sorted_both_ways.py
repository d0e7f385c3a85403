"""Indexes that the ticket list walks downwards when tickets without a deadline or a solution come last."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.expressions import OrderBy

LIVE = Q(("deleted_at__isnull", True))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("tickets", "0010_parts_of_a_ticket")]

    operations = [
        AddIndexConcurrently(
            "ticket",
            models.Index(
                OrderBy(F("next_due_at"), descending=True, nulls_last=True),
                OrderBy(F("id"), descending=True),
                condition=LIVE,
                name="ticket_by_last_deadline",
            ),
        ),
        AddIndexConcurrently(
            "ticket",
            models.Index(
                OrderBy(F("resolved_at"), descending=True, nulls_last=True),
                OrderBy(F("id"), descending=True),
                condition=LIVE,
                name="ticket_by_last_resolution",
            ),
        ),
        RemoveIndexConcurrently("ticket", "ticket_by_resolution"),
        AddIndexConcurrently(
            "ticket", models.Index(fields=["resolved_at", "id"], condition=LIVE, name="ticket_by_solution")
        ),
        RemoveIndexConcurrently("ticket", "ticket_by_response"),
        AddIndexConcurrently(
            "ticket", models.Index(fields=["first_response_at", "id"], condition=LIVE, name="ticket_by_answer")
        ),
    ]
