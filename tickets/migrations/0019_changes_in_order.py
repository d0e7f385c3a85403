"""What changed since a moment, for the API; and what somebody holds by its status, for whoever gives the next ticket."""

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
        AddIndexConcurrently("ticket", models.Index(fields=["assignee", "status"], condition=LIVE, name="ticket_held")),
    ]
