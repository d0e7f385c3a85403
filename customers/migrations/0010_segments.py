import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

import crm.conditions.tree
import crm.core.clock

KINDS = [("dynamic", "Dynamic"), ("static", "Static")]
AUDIENCES = [("personal", "Only me"), ("team", "One of my teams"), ("everybody", "Everybody")]
FAILURES = [
    ("owner", "Its owner has left. Give it to a colleague."),
    ("condition", "Its conditions name something that is gone, or that its owner may not read."),
]
SOURCES = [
    ("computed", "Computed"),
    ("deed", "Something happened"),
    ("time", "Time passed"),
    ("hand", "By hand"),
    ("copy", "Copied"),
]


def _customer():
    return models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer")


def _segment(**options):
    return models.ForeignKey(
        **{"on_delete": django.db.models.deletion.CASCADE, "related_name": "+", "to": "customers.segment", **options}
    )


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0009_customer_figures"),
        ("accounts", "0001_people_and_roles"),
        ("jobs", "0001_jobs_and_heartbeats"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Segment",
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
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("sort_key", models.CharField(db_index=True, editable=False, max_length=255)),
                ("search_key", models.CharField(editable=False, max_length=400)),
                ("kind", models.CharField(choices=KINDS, default="dynamic", max_length=8, verbose_name="kind")),
                ("description", models.CharField(blank=True, max_length=200, verbose_name="description")),
                (
                    "condition",
                    models.JSONField(blank=True, default=crm.conditions.tree.empty, verbose_name="conditions"),
                ),
                (
                    "audience",
                    models.CharField(choices=AUDIENCES, default="everybody", max_length=10, verbose_name="for"),
                ),
                (
                    "watches",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, editable=False, size=None
                    ),
                ),
                ("is_timely", models.BooleanField(default=False, editable=False)),
                (
                    "uses",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, editable=False, size=None
                    ),
                ),
                ("size", models.IntegerField(default=0, editable=False, verbose_name="customers")),
                ("computed_at", models.DateTimeField(editable=False, null=True, verbose_name="computed")),
                ("failure", models.CharField(blank=True, choices=FAILURES, editable=False, max_length=10)),
                (
                    "job",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="jobs.job",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="segments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.team",
                        verbose_name="team",
                    ),
                ),
            ],
            options={
                "verbose_name": "segment",
                "verbose_name_plural": "segments",
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["watches"], name="segment_by_watch")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(audience="team", team__isnull=False) | (~Q(audience="team") & Q(team__isnull=True)),
                        name="segment_team_when_shared_with_one",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SegmentMember",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("entered_at", models.DateTimeField(default=crm.core.clock.now, verbose_name="entered")),
                ("left_at", models.DateTimeField(null=True, verbose_name="left")),
                ("source", models.CharField(choices=SOURCES, max_length=8, verbose_name="how")),
                ("customer", _customer()),
                ("segment", _segment(related_name="members")),
            ],
            options={
                "verbose_name": "segment member",
                "verbose_name_plural": "segment members",
                "indexes": [
                    models.Index(fields=["segment", "id"], name="segment_member_cursor"),
                    models.Index(condition=Q(left_at__isnull=False), fields=["left_at"], name="segment_member_left"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(left_at__isnull=True), fields=["segment", "customer"], name="one_stay_at_a_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SegmentCheck",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("due_at", models.DateTimeField(default=crm.core.clock.now)),
                ("by_time", models.BooleanField(default=False)),
                ("customer", _customer()),
                ("segment", _segment(db_index=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["due_at", "id"], name="segment_check_due"),
                    models.Index(fields=["segment", "customer"], name="segment_check_pair"),
                ]
            },
        ),
        migrations.CreateModel(
            name="SegmentChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("enters", models.BooleanField()),
                ("customer", _customer()),
                ("segment", _segment(db_index=False)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["segment", "customer"], name="one_change_of_a_pair")]
            },
        ),
    ]
