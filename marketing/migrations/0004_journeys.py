# Journeys: their versions and steps, the people in them, and mails that go out one occasion after the other.

import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import crm.conditions.tree
import crm.core.clock
import marketing.models.journeys


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_service_accounts"),
        ("core", "0006_exchange_rates"),
        ("customers", "0011_portal"),
        ("fields", "0002_tags"),
        ("marketing", "0003_complaints_and_bin"),
    ]

    operations = [
        migrations.CreateModel(
            name="Enrolment",
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
                ("cause", models.CharField(max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("inside", "Inside"),
                            ("completed", "Came to the end"),
                            ("goal", "Reached the goal"),
                            ("exited", "Left by the exit rule"),
                            ("taken_out", "Taken out"),
                            ("failed", "Stopped by an error"),
                        ],
                        default="inside",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("due_at", models.DateTimeField(default=crm.core.clock.now, verbose_name="next step at")),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("entered_at", models.DateTimeField(default=crm.core.clock.now, verbose_name="came in")),
                ("left_at", models.DateTimeField(null=True, verbose_name="left")),
                ("left_why", models.CharField(blank=True, max_length=300, verbose_name="why")),
                ("entered_activity", models.BigIntegerField(null=True)),
                ("left_activity", models.BigIntegerField(null=True)),
            ],
            options={
                "verbose_name": "person in a journey",
                "verbose_name_plural": "people in journeys",
            },
        ),
        migrations.CreateModel(
            name="Journey",
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
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("live", "Live"),
                            ("paused", "Paused"),
                            ("running_out", "Running out"),
                            ("ended", "Ended"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("goal", models.CharField(blank=True, max_length=300, verbose_name="what it shall bring")),
                ("timezone", models.CharField(default="Asia/Shanghai", max_length=60, verbose_name="time zone")),
                ("seen_entry", models.BigIntegerField(default=0, editable=False)),
                ("seen_day", models.DateField(editable=False, null=True)),
                ("started_at", models.DateTimeField(editable=False, null=True, verbose_name="started")),
                ("ended_at", models.DateTimeField(editable=False, null=True, verbose_name="ended")),
            ],
            options={
                "verbose_name": "journey",
                "verbose_name_plural": "journeys",
            },
        ),
        migrations.CreateModel(
            name="JourneyVersion",
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
                ("number", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("live", "Live"), ("past", "Replaced")],
                        default="draft",
                        max_length=5,
                        verbose_name="state",
                    ),
                ),
                (
                    "start_kind",
                    models.CharField(
                        choices=[
                            ("segment", "A customer comes into a segment"),
                            ("deed", "Something happens"),
                            ("date", "A date of the customer"),
                        ],
                        default="segment",
                        max_length=7,
                        verbose_name="what starts it",
                    ),
                ),
                ("deed", models.CharField(blank=True, max_length=60, verbose_name="what happens")),
                ("date_key", models.CharField(blank=True, max_length=80, verbose_name="which date")),
                (
                    "days_offset",
                    models.SmallIntegerField(
                        default=0,
                        help_text="Negative for days before the date, 0 for the day itself.",
                        validators=[
                            django.core.validators.MinValueValidator(-365),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="days",
                    ),
                ),
                (
                    "hour",
                    models.PositiveSmallIntegerField(
                        default=9, validators=[django.core.validators.MaxValueValidator(23)], verbose_name="at the hour"
                    ),
                ),
                (
                    "every_year",
                    models.BooleanField(default=False, help_text="As with birthdays.", verbose_name="every year"),
                ),
                (
                    "condition",
                    models.JSONField(
                        blank=True, default=crm.conditions.tree.empty, verbose_name="only customers for whom"
                    ),
                ),
                (
                    "reentry",
                    models.CharField(
                        choices=[
                            ("never", "Once and never again"),
                            ("after", "Again, so many days after leaving"),
                            ("always", "Every time, once they have left"),
                        ],
                        default="never",
                        max_length=6,
                        verbose_name="coming in again",
                    ),
                ),
                ("reentry_days", models.PositiveSmallIntegerField(default=90, verbose_name="days after leaving")),
                (
                    "goal_rule",
                    models.JSONField(
                        blank=True, default=crm.conditions.tree.empty, verbose_name="the goal is reached when"
                    ),
                ),
                (
                    "exit_rule",
                    models.JSONField(blank=True, default=crm.conditions.tree.empty, verbose_name="people leave when"),
                ),
                ("published_at", models.DateTimeField(editable=False, null=True, verbose_name="live since")),
            ],
            options={
                "verbose_name": "version of a journey",
                "verbose_name_plural": "versions of journeys",
                "ordering": ["journey", "-number"],
            },
        ),
        migrations.CreateModel(
            name="Step",
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
                ("key", models.CharField(default=marketing.models.journeys.new_key, editable=False, max_length=12)),
                (
                    "way",
                    models.CharField(
                        blank=True,
                        choices=[("", "Main path"), ("yes", "Yes"), ("no", "No")],
                        default="",
                        editable=False,
                        max_length=3,
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("send", "Send an email"),
                            ("wait", "Wait"),
                            ("branch", "Branch"),
                            ("task", "Task for the owner"),
                            ("tag", "Tag"),
                            ("lead", "Make a lead"),
                            ("notify", "Tell the owner"),
                            ("leave", "Leave the journey"),
                        ],
                        max_length=6,
                        verbose_name="what it does",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True, help_text="How you call it; may stay empty.", max_length=120, verbose_name="name"
                    ),
                ),
                ("settings", models.JSONField(default=dict, editable=False)),
                (
                    "condition",
                    models.JSONField(blank=True, default=crm.conditions.tree.empty, verbose_name="conditions"),
                ),
            ],
            options={
                "verbose_name": "step",
                "verbose_name_plural": "steps",
                "ordering": ["version", "place", "pk"],
            },
        ),
        migrations.CreateModel(
            name="StepRun",
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
                ("key", models.CharField(max_length=12)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("done", "Done"),
                            ("yes", "Yes"),
                            ("no", "No"),
                            ("skipped", "Skipped"),
                            ("failed", "Failed"),
                        ],
                        default="done",
                        max_length=7,
                        verbose_name="outcome",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=12, verbose_name="reason")),
                ("note", models.CharField(blank=True, max_length=300)),
                ("activity", models.BigIntegerField(null=True)),
            ],
            options={
                "verbose_name": "step taken",
                "verbose_name_plural": "steps taken",
                "ordering": ["pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="recipient",
            name="one_row_a_recipient",
        ),
        migrations.RemoveConstraint(
            model_name="recipient",
            name="one_message_an_address",
        ),
        migrations.AddField(
            model_name="recipient",
            name="occasion",
            field=models.BigIntegerField(default=0, editable=False),
        ),
        migrations.AlterField(
            model_name="campaign",
            name="kind",
            field=models.CharField(
                choices=[
                    ("mail", "Email"),
                    ("sms", "Text message"),
                    ("social", "Social post"),
                    ("event", "Event"),
                    ("step", "Email of a journey"),
                ],
                default="mail",
                max_length=6,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="recipient",
            constraint=models.UniqueConstraint(fields=("campaign", "contact", "occasion"), name="one_row_a_recipient"),
        ),
        migrations.AddConstraint(
            model_name="recipient",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "left_out"), _negated=True),
                fields=("campaign", "address", "occasion"),
                name="one_message_an_address",
            ),
        ),
        migrations.AddField(
            model_name="enrolment",
            name="contact",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="journey_enrolments",
                to="customers.contact",
            ),
        ),
        migrations.AddField(
            model_name="enrolment",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="journey_enrolments", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="journey",
            name="brand",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="journeys", to="core.brand"
            ),
        ),
        migrations.AddField(
            model_name="journey",
            name="department",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="journeys",
                to="accounts.department",
                verbose_name="department",
            ),
        ),
        migrations.AddField(
            model_name="journey",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="journeys",
                to=settings.AUTH_USER_MODEL,
                verbose_name="owner",
            ),
        ),
        migrations.AddField(
            model_name="enrolment",
            name="journey",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="enrolments", to="marketing.journey"
            ),
        ),
        migrations.AddField(
            model_name="journeyversion",
            name="journey",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="marketing.journey"
            ),
        ),
        migrations.AddField(
            model_name="journeyversion",
            name="published_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="journeyversion",
            name="segment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="journey_versions",
                to="customers.segment",
                verbose_name="segment",
            ),
        ),
        migrations.AddField(
            model_name="enrolment",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="enrolments", to="marketing.journeyversion"
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="mail",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="journey_steps",
                to="marketing.campaign",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="parent",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="children",
                to="marketing.step",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="tag",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="fields.tag",
                verbose_name="tag",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="marketing.journeyversion"
            ),
        ),
        migrations.AddField(
            model_name="enrolment",
            name="step",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="waiting",
                to="marketing.step",
                verbose_name="next step",
            ),
        ),
        migrations.AddField(
            model_name="steprun",
            name="enrolment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="runs", to="marketing.enrolment"
            ),
        ),
        migrations.AddField(
            model_name="steprun",
            name="recipient",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="journey_run",
                to="marketing.recipient",
            ),
        ),
        migrations.AddField(
            model_name="steprun",
            name="step",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="marketing.step"
            ),
        ),
        migrations.AddIndex(
            model_name="journey",
            index=models.Index(fields=["-created_at", "-id"], name="journey_newest"),
        ),
        migrations.AddIndex(
            model_name="journey",
            index=models.Index(fields=["owner", "-created_at"], name="journey_by_owner"),
        ),
        migrations.AddIndex(
            model_name="journey",
            index=models.Index(fields=["department", "-created_at"], name="journey_by_department"),
        ),
        migrations.AddIndex(
            model_name="journey",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_key"], name="journey_search_trgm", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="journeyversion",
            constraint=models.UniqueConstraint(fields=("journey", "number"), name="one_version_a_number"),
        ),
        migrations.AddConstraint(
            model_name="journeyversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "live")), fields=("journey",), name="one_live_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="journeyversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "draft")), fields=("journey",), name="one_draft_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.UniqueConstraint(fields=("version", "key"), name="one_step_a_key"),
        ),
        migrations.AddIndex(
            model_name="enrolment",
            index=models.Index(condition=models.Q(("state", "inside")), fields=["due_at", "id"], name="enrolment_due"),
        ),
        migrations.AddIndex(
            model_name="enrolment",
            index=models.Index(fields=["journey", "state", "-id"], name="enrolment_by_state"),
        ),
        migrations.AddIndex(
            model_name="enrolment",
            index=models.Index(condition=models.Q(("state", "inside")), fields=["step"], name="enrolment_by_step"),
        ),
        migrations.AddIndex(
            model_name="enrolment",
            index=models.Index(fields=["customer", "-id"], name="enrolment_by_customer"),
        ),
        migrations.AddIndex(
            model_name="enrolment",
            index=models.Index(fields=["contact", "-id"], name="enrolment_by_contact"),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(fields=("journey", "customer", "cause"), name="one_enrolment_a_cause"),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "inside")), fields=("journey", "contact"), name="one_time_inside_a_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("contact__isnull", True), ("state", "inside")),
                fields=("journey", "customer"),
                name="one_time_inside_a_customer",
            ),
        ),
        migrations.AddIndex(
            model_name="steprun",
            index=models.Index(fields=["key", "outcome"], name="step_run_by_key"),
        ),
        migrations.AddConstraint(
            model_name="steprun",
            constraint=models.UniqueConstraint(fields=("enrolment", "key"), name="one_run_a_person_and_step"),
        ),
    ]
