# Landing pages, how often they are opened, and what visitors send.

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import crm.blocks.content
import crm.core.clock
import crm.core.translated
import marketing.models.landing


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_absences_and_shift_ends"),
        ("core", "0005_installation_defaults"),
        ("marketing", "0001_campaigns"),
        ("sales", "0002_leads_and_pools"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LandingPage",
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
                ("slug", models.SlugField(max_length=60, verbose_name="address")),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("archived", "Archived")],
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "title",
                    crm.core.translated.TranslatedField(default=crm.core.translated.Translated, verbose_name="title"),
                ),
                (
                    "description",
                    crm.core.translated.TranslatedField(
                        blank=True, default=crm.core.translated.Translated, verbose_name="description"
                    ),
                ),
                ("is_listed", models.BooleanField(default=True, verbose_name="may be found by search engines")),
                ("content", models.JSONField(default=crm.blocks.content.empty_content, editable=False)),
                ("live_content", models.JSONField(default=crm.blocks.content.empty_content, editable=False)),
                (
                    "thanks",
                    crm.core.translated.TranslatedField(
                        default=marketing.models.landing.thanks_text, verbose_name="after sending"
                    ),
                ),
                (
                    "channels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("email", "Marketing by email"),
                                ("sms", "Marketing by SMS"),
                                ("phone", "Marketing by phone"),
                                ("chat", "Marketing by chat"),
                            ],
                            max_length=12,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="consent asked for",
                    ),
                ),
                (
                    "advertising",
                    crm.core.translated.TranslatedField(
                        default=marketing.models.landing.advertising_text, verbose_name="what visitors agree to"
                    ),
                ),
                ("advertising_version", models.PositiveIntegerField(default=1, editable=False)),
                ("published_at", models.DateTimeField(editable=False, null=True, verbose_name="published")),
                (
                    "brand",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="landing_pages",
                        to="core.brand",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="landing_pages",
                        to="marketing.campaign",
                        verbose_name="campaign",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="landing_pages",
                        to="accounts.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="landing_pages",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "landing page",
                "verbose_name_plural": "landing pages",
                "indexes": [
                    models.Index(fields=["-updated_at", "-id"], name="landing_newest"),
                    models.Index(fields=["owner", "-updated_at"], name="landing_by_owner"),
                    models.Index(fields=["department", "-updated_at"], name="landing_by_department"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search_key"], name="landing_search_trgm", opclasses=["gin_trgm_ops"]
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("brand", "slug"), name="one_landing_page_an_address")],
            },
        ),
        migrations.CreateModel(
            name="LandingDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("source", models.CharField(blank=True, max_length=60)),
                ("is_machine", models.BooleanField(default=False)),
                ("visits", models.PositiveIntegerField(default=0)),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="days", to="marketing.landingpage"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("page", "day", "source", "is_machine"), name="one_landing_day_a_source"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LandingSubmission",
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
                ("form_key", models.CharField(editable=False, max_length=64, unique=True)),
                ("day", models.DateField(editable=False)),
                ("source", models.CharField(blank=True, max_length=60, verbose_name="source")),
                ("utm", models.JSONField(default=dict, editable=False)),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                ("is_new_lead", models.BooleanField(default=True, verbose_name="new lead")),
                ("consents", models.JSONField(default=dict, editable=False)),
                ("consent_version", models.PositiveIntegerField(default=0, editable=False)),
                ("carried_at", models.DateTimeField(editable=False, null=True)),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="landing_submissions", to="sales.lead"
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="submissions",
                        to="marketing.landingpage",
                    ),
                ),
            ],
            options={
                "verbose_name": "sent form",
                "verbose_name_plural": "sent forms",
                "indexes": [
                    models.Index(fields=["page", "-created_at"], name="submission_by_page"),
                    models.Index(fields=["-created_at", "-id"], name="submission_newest"),
                ],
            },
        ),
    ]
