# Campaigns, who gets them, what they cost and what came back.

import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import crm.blocks.content
import crm.core.clock
import crm.core.tokens
import crm.core.translated


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0005_absences_and_shift_ends"),
        ("core", "0005_installation_defaults"),
        ("customers", "0010_segments"),
        ("messaging", "0004_bulk"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Topic",
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
                ("key", models.SlugField(unique=True)),
                (
                    "name",
                    crm.core.translated.TranslatedField(default=crm.core.translated.Translated, verbose_name="name"),
                ),
                ("order", models.SmallIntegerField(default=50, verbose_name="order")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "topic",
                "verbose_name_plural": "topics",
                "ordering": ["order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Campaign",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("mail", "Email"),
                            ("sms", "Text message"),
                            ("social", "Social post"),
                            ("event", "Event"),
                        ],
                        default="mail",
                        max_length=6,
                        verbose_name="kind",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("approval", "In approval"),
                            ("scheduled", "Scheduled"),
                            ("sending", "Sending"),
                            ("paused", "Paused"),
                            ("sent", "Sent"),
                            ("finished", "Finished"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("goal", models.CharField(blank=True, max_length=300, verbose_name="what it shall bring")),
                (
                    "budget",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="budget",
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        choices=[
                            ("CNY", "CNY"),
                            ("USD", "USD"),
                            ("EUR", "EUR"),
                            ("HKD", "HKD"),
                            ("GBP", "GBP"),
                            ("JPY", "JPY"),
                            ("SGD", "SGD"),
                            ("AUD", "AUD"),
                            ("CAD", "CAD"),
                            ("CHF", "CHF"),
                            ("KRW", "KRW"),
                            ("TWD", "TWD"),
                        ],
                        default="CNY",
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                (
                    "subject",
                    crm.core.translated.TranslatedField(
                        blank=True, default=crm.core.translated.Translated, verbose_name="subject"
                    ),
                ),
                (
                    "body",
                    crm.core.translated.TranslatedField(
                        blank=True, default=crm.core.translated.Translated, verbose_name="text"
                    ),
                ),
                ("content", models.JSONField(blank=True, default=crm.blocks.content.empty_content, editable=False)),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="place")),
                ("starts_at", models.DateTimeField(blank=True, null=True, verbose_name="begins")),
                ("link", models.URLField(blank=True, max_length=500, verbose_name="address of the post")),
                ("one_per_customer", models.BooleanField(default=False, verbose_name="one person a customer")),
                (
                    "holds_complaints",
                    models.BooleanField(default=True, verbose_name="leave out customers with an open complaint"),
                ),
                (
                    "cap_count",
                    models.PositiveSmallIntegerField(
                        default=2,
                        help_text="A person who got so many within the days gets no more.",
                        verbose_name="campaigns at most",
                    ),
                ),
                (
                    "cap_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="within days",
                    ),
                ),
                (
                    "answers_become",
                    models.CharField(
                        choices=[("lead", "A lead for sales"), ("ticket", "A ticket for the service desk")],
                        default="lead",
                        max_length=6,
                        verbose_name="answers become",
                    ),
                ),
                (
                    "window_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="days in which a sale is credited",
                    ),
                ),
                ("send_at", models.DateTimeField(blank=True, null=True, verbose_name="send at")),
                ("timezone", models.CharField(default="Asia/Shanghai", max_length=60, verbose_name="time zone")),
                ("audience", models.JSONField(default=dict, editable=False)),
                ("frozen_at", models.DateTimeField(editable=False, null=True)),
                ("sent_at", models.DateTimeField(editable=False, null=True, verbose_name="sent")),
                ("finished_at", models.DateTimeField(editable=False, null=True, verbose_name="finished")),
                ("activity_id", models.BigIntegerField(editable=False, null=True)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="campaigns", to="core.brand"
                    ),
                ),
                (
                    "conversation",
                    models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaign",
                        to="messaging.conversation",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to="accounts.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "excluded",
                    models.ManyToManyField(
                        blank=True, related_name="excluded_from", to="customers.segment", verbose_name="without"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="campaigns",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "segments",
                    models.ManyToManyField(
                        blank=True, related_name="campaigns", to="customers.segment", verbose_name="segments"
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to="marketing.topic",
                        verbose_name="topic",
                    ),
                ),
            ],
            options={
                "verbose_name": "campaign",
                "verbose_name_plural": "campaigns",
                "indexes": [
                    models.Index(fields=["-created_at", "-id"], name="campaign_newest"),
                    models.Index(fields=["owner", "-created_at"], name="campaign_by_owner"),
                    models.Index(fields=["department", "-created_at"], name="campaign_by_department"),
                    models.Index(
                        condition=models.Q(("state__in", ["scheduled", "sending"])),
                        fields=["send_at"],
                        name="campaign_due",
                    ),
                    models.Index(
                        condition=models.Q(("activity_id__isnull", False)),
                        fields=["activity_id"],
                        name="campaign_by_activity",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search_key"], name="campaign_search_trgm", opclasses=["gin_trgm_ops"]
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CampaignCost",
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
                (
                    "kind",
                    models.CharField(
                        choices=[("planned", "Planned"), ("booked", "Booked")],
                        default="booked",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("label", models.CharField(max_length=120, verbose_name="what for")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="amount",
                    ),
                ),
                ("on", models.DateField(default=crm.core.clock.today, verbose_name="date")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="costs", to="marketing.campaign"
                    ),
                ),
            ],
            options={
                "verbose_name": "cost",
                "verbose_name_plural": "costs",
                "ordering": ["on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CampaignLink",
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
                ("url", models.TextField(verbose_name="address")),
                ("label", models.CharField(blank=True, max_length=200, verbose_name="words")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="marketing.campaign"
                    ),
                ),
            ],
            options={
                "verbose_name": "link",
                "verbose_name_plural": "links",
                "constraints": [models.UniqueConstraint(fields=("campaign", "url"), name="one_row_a_link")],
            },
        ),
        migrations.CreateModel(
            name="Participant",
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
                ("registered_at", models.DateTimeField(default=crm.core.clock.now, verbose_name="registered")),
                ("attended_at", models.DateTimeField(null=True, verbose_name="attended")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participants",
                        to="marketing.campaign",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="event_participations",
                        to="customers.contact",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="event_participations",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "participant",
                "verbose_name_plural": "participants",
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "contact"), name="one_place_a_participant")
                ],
            },
        ),
        migrations.CreateModel(
            name="PostResult",
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
                ("network", models.CharField(max_length=60, verbose_name="network")),
                ("on", models.DateField(default=crm.core.clock.today, verbose_name="date")),
                ("reach", models.PositiveIntegerField(default=0, verbose_name="people reached")),
                ("clicks", models.PositiveIntegerField(default=0, verbose_name="clicks")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="post_results",
                        to="marketing.campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "result of a post",
                "verbose_name_plural": "results of posts",
                "ordering": ["on", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "network", "on"), name="one_result_a_network_and_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="Recipient",
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
                ("address", models.CharField(blank=True, max_length=254, verbose_name="address")),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("left_out", "Left out"),
                            ("waiting", "Waiting"),
                            ("dropped", "Left out when sending"),
                            ("queued", "On its way"),
                            ("sent", "Sent"),
                            ("failed", "Not delivered"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("excluded", "In an excluded segment"),
                            ("no_address", "No address for this channel"),
                            ("bounced", "Hard bounce before"),
                            ("suppressed", "On the suppression list"),
                            ("unsubscribed", "Unsubscribed"),
                            ("no_consent", "No consent for this channel"),
                            ("complaint", "Open complaint"),
                            ("too_often", "Contacted too often"),
                            ("colleague", "A colleague at the same customer gets it"),
                            ("taken", "Same address as somebody else"),
                        ],
                        max_length=12,
                        verbose_name="why left out",
                    ),
                ),
                ("token", models.CharField(default=crm.core.tokens.new_token, max_length=40, unique=True)),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
                ("failed_at", models.DateTimeField(null=True, verbose_name="not delivered")),
                ("is_hard", models.BooleanField(default=False, verbose_name="hard bounce")),
                ("error", models.CharField(blank=True, max_length=300, verbose_name="error")),
                ("opened_at", models.DateTimeField(null=True, verbose_name="opened")),
                ("clicked_at", models.DateTimeField(null=True, verbose_name="clicked")),
                ("scanned_at", models.DateTimeField(null=True, verbose_name="scanned by a machine")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="answered")),
                ("unsubscribed_at", models.DateTimeField(null=True, verbose_name="unsubscribed")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="recipients", to="marketing.campaign"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="campaign_recipients",
                        to="customers.contact",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="campaign_recipients",
                        to="customers.customer",
                    ),
                ),
                (
                    "mail",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="campaign_recipient",
                        to="messaging.outgoingmail",
                    ),
                ),
                (
                    "sms",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="campaign_recipient",
                        to="messaging.outgoingsms",
                    ),
                ),
            ],
            options={
                "verbose_name": "recipient",
                "verbose_name_plural": "recipients",
                "indexes": [
                    models.Index(fields=["campaign", "state", "id"], name="recipient_by_state"),
                    models.Index(fields=["customer", "-sent_at"], name="recipient_by_customer"),
                    models.Index(fields=["contact", "-sent_at"], name="recipient_by_contact"),
                    models.Index(
                        condition=models.Q(("state", "queued")), fields=["campaign"], name="recipient_on_its_way"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "contact"), name="one_row_a_recipient"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "left_out"), _negated=True),
                        fields=("campaign", "address"),
                        name="one_message_an_address",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Response",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("open", "Opened"),
                            ("click", "Clicked"),
                            ("answer", "Answered"),
                            ("register", "Registered"),
                            ("attend", "Attended"),
                            ("lead", "Became a customer from a lead"),
                            ("unsubscribe", "Unsubscribed"),
                        ],
                        max_length=12,
                        verbose_name="what",
                    ),
                ),
                ("at", models.DateTimeField(default=crm.core.clock.now, verbose_name="when")),
                ("is_machine", models.BooleanField(default=False, verbose_name="by a machine")),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("method", "Asked for headers only"),
                            ("agent", "Says that it is a program"),
                            ("prefetch", "Loaded ahead of reading"),
                            ("timing", "Seconds after sending, or several links at once"),
                            ("trap", "Followed a link that nobody sees"),
                        ],
                        max_length=8,
                        verbose_name="how recognised",
                    ),
                ),
                ("agent", models.CharField(blank=True, max_length=200)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="responses", to="marketing.campaign"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="campaign_responses",
                        to="customers.contact",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="campaign_responses",
                        to="customers.customer",
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="clicks",
                        to="marketing.campaignlink",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="responses",
                        to="marketing.recipient",
                    ),
                ),
            ],
            options={
                "verbose_name": "response",
                "verbose_name_plural": "responses",
                "indexes": [
                    models.Index(fields=["recipient", "kind", "at"], name="response_by_recipient"),
                    models.Index(fields=["campaign", "kind", "-at"], name="response_by_campaign"),
                    models.Index(
                        condition=models.Q(
                            ("is_machine", False), ("kind__in", ("click", "answer", "register", "attend", "lead"))
                        ),
                        fields=["customer", "-at"],
                        name="response_touch",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Suppression",
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
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "Email"), ("sms", "Text message")],
                        default="email",
                        max_length=5,
                        verbose_name="channel",
                    ),
                ),
                ("address", models.CharField(max_length=254, verbose_name="address")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("bounce", "Hard bounce"),
                            ("complaint", "Complained about spam"),
                            ("hand", "By hand"),
                        ],
                        max_length=10,
                        verbose_name="reason",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="suppressions",
                        to="marketing.campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "suppressed address",
                "verbose_name_plural": "suppressed addresses",
                "constraints": [
                    models.UniqueConstraint(fields=("channel", "address"), name="one_row_a_suppressed_address")
                ],
            },
        ),
        migrations.CreateModel(
            name="TopicRefusal",
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
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="topic_refusals",
                        to="customers.contact",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="refusals", to="marketing.topic"
                    ),
                ),
            ],
            options={
                "verbose_name": "refused topic",
                "verbose_name_plural": "refused topics",
                "constraints": [models.UniqueConstraint(fields=("contact", "topic"), name="one_refusal_a_topic")],
            },
        ),
    ]
