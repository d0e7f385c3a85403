"""What changed since a moment, for the API."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from crm.core.models import LIVE


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("tickets", "0018_whose_tickets_come_first")]

    operations = [
        AddIndexConcurrently(
            "ticket", models.Index(fields=["updated_at", "id"], condition=LIVE, name="ticket_by_change")
        ),
    ]
