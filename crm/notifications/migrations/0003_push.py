import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import crm.core.clock


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("notifications", "0002_choices_and_mail"),
    ]

    operations = [
        migrations.CreateModel(
            name="PushKey",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("public", models.CharField(max_length=100)),
                ("private", models.TextField()),
                ("created_at", models.DateTimeField(default=crm.core.clock.now)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_push_key")],
            },
        ),
        migrations.CreateModel(
            name="PushSubscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("endpoint", models.CharField(max_length=1000)),
                ("endpoint_hash", models.CharField(max_length=64, unique=True)),
                ("p256dh", models.CharField(max_length=100)),
                ("auth", models.CharField(max_length=40)),
                ("device", models.CharField(blank=True, max_length=100)),
                ("created_at", models.DateTimeField(default=crm.core.clock.now)),
                ("last_sent_at", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, max_length=300)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="push_subscriptions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "push device",
                "verbose_name_plural": "push devices",
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="PushMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_kind", models.SmallIntegerField()),
                ("object_id", models.BigIntegerField()),
                ("attempts", models.SmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(default=crm.core.clock.now)),
                ("created_at", models.DateTimeField(default=crm.core.clock.now)),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="notifications.pushsubscription",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["next_attempt_at"], name="push_message_due")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subscription", "subject_kind", "object_id"), name="one_push_a_record"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="notification",
            name="push",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="notificationchoice",
            name="push",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="delivery",
            name="push_shows_text",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
