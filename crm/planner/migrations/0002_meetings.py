"""Times that people spend together, and who takes part."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import crm.core.clock


class Migration(migrations.Migration):
    dependencies = [
        ("planner", "0001_tasks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Meeting",
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
                ("kind", models.SmallIntegerField(editable=False, null=True)),
                ("object_id", models.BigIntegerField(editable=False, null=True)),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("search_key", models.CharField(editable=False, max_length=400)),
                ("notes", models.TextField(blank=True, verbose_name="agenda")),
                ("starts_at", models.DateTimeField(verbose_name="starts")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                ("zone", models.CharField(max_length=60, verbose_name="time zone")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="place")),
                ("link", models.URLField(blank=True, max_length=400, verbose_name="link")),
                ("uid", models.CharField(editable=False, max_length=80, unique=True)),
                ("sequence", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "remind_minutes",
                    models.IntegerField(blank=True, default=15, null=True, verbose_name="remind before"),
                ),
                ("remind_at", models.DateTimeField(editable=False, null=True)),
                ("cancelled_at", models.DateTimeField(editable=False, null=True, verbose_name="cancelled")),
                ("asked_at", models.DateTimeField(editable=False, null=True)),
                ("held_at", models.DateTimeField(editable=False, null=True)),
                ("outcome", models.TextField(blank=True, verbose_name="outcome")),
                (
                    "organizer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="organized_meetings",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="organizer",
                    ),
                ),
            ],
            options={
                "verbose_name": "meeting",
                "verbose_name_plural": "meetings",
                "indexes": [
                    models.Index(fields=["starts_at"], name="meeting_by_start"),
                    models.Index(fields=["kind", "object_id", "starts_at"], name="meeting_of_record"),
                    models.Index(
                        condition=models.Q(("remind_at__isnull", False)), fields=["remind_at"], name="meeting_reminders"
                    ),
                    models.Index(
                        condition=models.Q(
                            ("asked_at__isnull", True), ("cancelled_at__isnull", True), ("held_at__isnull", True)
                        ),
                        fields=["ends_at"],
                        name="meeting_to_ask_about",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="meeting_takes_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__isnull", True), ("object_id__isnull", True)),
                            models.Q(("kind__isnull", False), ("object_id__isnull", False)),
                            _connector="OR",
                        ),
                        name="meeting_subject_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingAttendee",
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
                ("name", models.CharField(blank=True, max_length=200)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("language", models.CharField(blank=True, max_length=10)),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="attendees", to="planner.meeting"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="meeting_seats",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "attendee",
                "verbose_name_plural": "attendees",
                "indexes": [models.Index(fields=["user", "meeting"], name="meeting_seat_by_user")],
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "user"), name="one_seat_a_colleague"),
                    models.UniqueConstraint(
                        condition=models.Q(("user__isnull", True)), fields=("meeting", "email"), name="one_seat_a_guest"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("user__isnull", False), models.Q(("email", ""), _negated=True), _connector="OR"
                        ),
                        name="guest_has_an_address",
                    ),
                ],
            },
        ),
    ]
