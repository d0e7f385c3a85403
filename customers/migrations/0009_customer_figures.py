import django.db.models.deletion
from django.db import migrations, models

import crm.core.clock

LEVELS = [("high", "High"), ("medium", "Medium"), ("low", "Low")]


class Migration(migrations.Migration):
    dependencies = [("customers", "0008_links")]

    operations = [
        migrations.CreateModel(
            name="CustomerFacts",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="facts",
                        serialize=False,
                        to="customers.customer",
                    ),
                ),
                ("orders", models.IntegerField(default=0, verbose_name="orders")),
                (
                    "bought",
                    models.DecimalField(decimal_places=2, default=0, max_digits=18, verbose_name="bought in all"),
                ),
                ("first_order_at", models.DateTimeField(null=True)),
                ("last_order_at", models.DateTimeField(null=True, verbose_name="last order")),
                ("r", models.SmallIntegerField(default=0)),
                ("f", models.SmallIntegerField(default=0)),
                ("m", models.SmallIntegerField(default=0)),
                ("interval_days", models.FloatField(null=True)),
                ("repurchase_due_on", models.DateField(null=True, verbose_name="next order expected")),
                ("value", models.CharField(blank=True, choices=LEVELS, max_length=6, verbose_name="value")),
                (
                    "value_by_hand",
                    models.CharField(blank=True, choices=LEVELS, max_length=6, verbose_name="value by hand"),
                ),
                ("value_note", models.CharField(blank=True, max_length=200, verbose_name="why")),
                ("computed_at", models.DateTimeField(default=crm.core.clock.now)),
            ],
            options={
                "verbose_name": "customer figures",
                "verbose_name_plural": "customer figures",
                "indexes": [
                    models.Index(fields=["value"], name="facts_by_value"),
                    models.Index(fields=["repurchase_due_on"], name="facts_by_repurchase"),
                ],
            },
        ),
    ]
