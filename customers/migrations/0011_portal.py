import django.db.models.deletion
from django.db import migrations, models

import crm.core.clock
import crm.core.tokens


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0010_segments"),
    ]

    operations = [
        migrations.CreateModel(
            name="PortalAccess",
            fields=[
                (
                    "contact",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="portal_access",
                        serialize=False,
                        to="customers.contact",
                    ),
                ),
                (
                    "reach",
                    models.CharField(
                        choices=[("off", "No access"), ("own", "Their own"), ("company", "All of the company")],
                        default="own",
                        max_length=8,
                        verbose_name="sees",
                    ),
                ),
                ("last_visit_at", models.DateTimeField(null=True, verbose_name="last visit of the portal")),
            ],
            options={
                "verbose_name": "portal access",
                "verbose_name_plural": "portal access",
            },
        ),
        migrations.CreateModel(
            name="PortalCode",
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
                    "key",
                    models.CharField(default=crm.core.tokens.new_token, editable=False, max_length=40, unique=True),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("email", "Email"),
                            ("phone", "Phone"),
                            ("wechat", "WeChat"),
                            ("wecom", "WeCom"),
                            ("dingtalk", "DingTalk"),
                            ("whatsapp", "WhatsApp"),
                        ],
                        max_length=10,
                    ),
                ),
                ("value", models.CharField(max_length=254)),
                ("language", models.CharField(max_length=10)),
                ("code_hash", models.CharField(blank=True, max_length=64)),
                ("looked_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("looked_at__isnull", True)), fields=["id"], name="portal_code_waiting"
                    ),
                    models.Index(fields=["expires_at"], name="portal_code_expiry"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PortalSettings",
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
                ("is_on", models.BooleanField(default=True, verbose_name="customers can sign in")),
                (
                    "session_days",
                    models.PositiveSmallIntegerField(default=14, verbose_name="days until they sign in again"),
                ),
                (
                    "brand",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="portal", to="core.brand"
                    ),
                ),
            ],
            options={
                "verbose_name": "customer portal",
            },
        ),
        migrations.CreateModel(
            name="PortalSession",
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
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("last_seen_at", models.DateTimeField(default=crm.core.clock.now)),
                ("expires_at", models.DateTimeField()),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="portal_sessions",
                        to="customers.contact",
                    ),
                ),
                (
                    "identity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.identity"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["expires_at"], name="portal_session_expiry")],
            },
        ),
    ]
