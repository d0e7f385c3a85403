"""Indexes that the ticket list walks when it is sorted by deadline or priority."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("tickets", "0002_canned_replies")]

    operations = [
        AddIndexConcurrently(
            "ticket",
            models.Index(
                condition=models.Q(("deleted_at__isnull", True)),
                fields=["next_due_at", "id"],
                name="ticket_by_deadline",
            ),
        ),
        AddIndexConcurrently(
            "ticket",
            models.Index(
                condition=models.Q(("deleted_at__isnull", True)), fields=["priority", "id"], name="ticket_by_priority"
            ),
        ),
        RemoveIndexConcurrently("ticket", "ticket_by_due"),
    ]
