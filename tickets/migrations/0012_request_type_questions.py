"""What a type asks, and answers that are written for some types."""

import django.db.models.deletion
from django.db import migrations, models

import crm.core.clock


class Migration(migrations.Migration):
    dependencies = [
        ("fields", "0001_custom_fields"),
        ("tickets", "0011_sorted_both_ways"),
    ]

    operations = [
        migrations.AddField(
            model_name="cannedreply",
            name="request_types",
            field=models.ManyToManyField(
                blank=True,
                help_text="Offered on tickets of these types only, and first there. With none, on every ticket.",
                related_name="canned_replies",
                to="tickets.requesttype",
                verbose_name="request types",
            ),
        ),
        migrations.CreateModel(
            name="RequestTypeQuestion",
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
                ("order", models.SmallIntegerField(default=0, verbose_name="order")),
                (
                    "required",
                    models.CharField(
                        choices=[("never", "No"), ("always", "Yes"), ("when", "When the condition holds")],
                        default="never",
                        max_length=6,
                        verbose_name="must be answered",
                    ),
                ),
                (
                    "shown",
                    models.CharField(
                        choices=[("always", "Always"), ("when", "When the condition holds")],
                        default="always",
                        max_length=6,
                        verbose_name="is asked",
                    ),
                ),
                ("condition", models.JSONField(blank=True, default=dict, verbose_name="condition")),
                (
                    "preset",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("fill", "Fills the question; it may be changed"),
                            ("lock", "Stands fixed as a fact"),
                        ],
                        max_length=4,
                        verbose_name="from the address",
                    ),
                ),
                (
                    "field",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="fields.customfield",
                        verbose_name="question",
                    ),
                ),
                (
                    "request_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="tickets.requesttype",
                    ),
                ),
            ],
            options={
                "verbose_name": "question",
                "verbose_name_plural": "questions",
                "ordering": ["request_type", "order", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("request_type", "field"),
                        name="a_type_asks_once",
                        violation_error_message="This type asks that already.",
                    )
                ],
            },
        ),
    ]
