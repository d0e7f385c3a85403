# Additive: text messages, the numbers that want none, and the wording of a template as a text message.

import django.db.models.deletion
from django.db import migrations, models

import crm.core.clock
import crm.core.tokens
import crm.core.translated


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_audit_trail"),
        ("messaging", "0002_inbound_mail"),
    ]

    operations = [
        migrations.CreateModel(
            name="SmsOptOut",
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
                ("phone", models.CharField(max_length=20, unique=True, verbose_name="phone number")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("gateway", "The customer, by text message"),
                            ("customer", "The customer, on the ticket's page"),
                            ("staff", "A colleague"),
                        ],
                        max_length=10,
                        verbose_name="said by",
                    ),
                ),
            ],
            options={
                "verbose_name": "number without text messages",
                "verbose_name_plural": "numbers without text messages",
            },
        ),
        migrations.AddField(
            model_name="mailtemplate",
            name="sms",
            field=crm.core.translated.TranslatedField(
                blank=True, default=crm.core.translated.Translated, verbose_name="text message"
            ),
        ),
        migrations.CreateModel(
            name="OutgoingSms",
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
                ("template", models.CharField(blank=True, max_length=80)),
                ("language", models.CharField(max_length=10)),
                ("dedupe_key", models.CharField(blank=True, max_length=200)),
                ("attempts", models.SmallIntegerField(default=0, verbose_name="attempts")),
                ("next_attempt_at", models.DateTimeField(default=crm.core.clock.now, verbose_name="next attempt")),
                ("first_tried_at", models.DateTimeField(default=crm.core.clock.now)),
                ("lease_until", models.DateTimeField(null=True)),
                ("woken_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
                ("error", models.TextField(blank=True, verbose_name="error")),
                (
                    "key",
                    models.CharField(default=crm.core.tokens.new_token, editable=False, max_length=40, unique=True),
                ),
                ("to_phone", models.CharField(max_length=20, verbose_name="to")),
                ("text", models.TextField(verbose_name="text")),
                ("parts", models.SmallIntegerField(verbose_name="parts")),
                ("gateway_id", models.CharField(blank=True, max_length=64)),
                ("delivered_at", models.DateTimeField(null=True, verbose_name="delivered")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sending", "Sending"),
                            ("sent", "Handed over"),
                            ("delivered", "Delivered"),
                            ("failed", "Not delivered"),
                            ("held", "Held back"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "brand",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.brand"),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="texts",
                        to="messaging.conversation",
                    ),
                ),
                (
                    "related",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="texts",
                        to="messaging.message",
                    ),
                ),
            ],
            options={
                "verbose_name": "text message",
                "verbose_name_plural": "text messages",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "sending"])),
                        fields=["next_attempt_at"],
                        name="sms_unsent",
                    ),
                    models.Index(fields=["state", "-id"], name="sms_state"),
                    models.Index(fields=["to_phone", "-id"], name="sms_by_number"),
                    models.Index(fields=["conversation", "-id"], name="sms_conversation"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("dedupe_key", ""), _negated=True),
                        fields=("dedupe_key",),
                        name="one_sms_for_a_reason",
                    )
                ],
            },
        ),
    ]
