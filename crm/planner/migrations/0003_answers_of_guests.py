"""Guests' answers, the conversation that they come back to, and meetings in the recycle bin."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0004_bulk"),
        ("planner", "0002_meetings"),
    ]

    operations = [
        migrations.AddField("meeting", "deleted_at", models.DateTimeField(blank=True, editable=False, null=True)),
        migrations.AddField("meeting", "deleted_by_id", models.BigIntegerField(blank=True, editable=False, null=True)),
        migrations.AddField(
            "meeting",
            "conversation",
            models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="messaging.conversation",
            ),
        ),
        migrations.AddField(
            "meetingattendee",
            "answer",
            models.CharField(
                blank=True,
                choices=[
                    ("", "No answer"),
                    ("accepted", "Accepted"),
                    ("tentative", "Perhaps"),
                    ("declined", "Declined"),
                ],
                editable=False,
                max_length=10,
                verbose_name="answer",
            ),
        ),
        migrations.AddField("meetingattendee", "answered_at", models.DateTimeField(editable=False, null=True)),
        migrations.AddField(
            "meetingattendee", "asked_sequence", models.PositiveIntegerField(default=0, editable=False)
        ),
        migrations.AddIndex(
            "meeting",
            models.Index(
                condition=models.Q(("deleted_at__isnull", False)), fields=["-deleted_at"], name="meeting_binned"
            ),
        ),
    ]
