"""Other times that guests propose for a meeting."""

import django.db.models.deletion
from django.db import migrations, models

import crm.core.clock


class Migration(migrations.Migration):
    dependencies = [("planner", "0003_answers_of_guests")]

    operations = [
        migrations.CreateModel(
            name="MeetingProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(default=crm.core.clock.now, editable=False, verbose_name="created"),
                ),
                (
                    "updated_at",
                    models.DateTimeField(default=crm.core.clock.now, editable=False, verbose_name="updated"),
                ),
                ("starts_at", models.DateTimeField(verbose_name="starts")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                ("text", models.CharField(blank=True, max_length=400)),
                (
                    "seat",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposal",
                        to="planner.meetingattendee",
                    ),
                ),
            ],
            options={"verbose_name": "proposed time", "verbose_name_plural": "proposed times"},
        ),
        migrations.AddConstraint(
            "meetingproposal",
            models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="proposal_takes_time"
            ),
        ),
    ]
