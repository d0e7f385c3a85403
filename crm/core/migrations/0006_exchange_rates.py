"""Dated exchange rates."""

import django.db.models.expressions
from django.db import migrations, models

import crm.core.clock


class Migration(migrations.Migration):
    dependencies = [("core", "0005_installation_defaults")]

    operations = [
        migrations.CreateModel(
            name="ExchangeRate",
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
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("base", models.CharField(max_length=3, verbose_name="company currency")),
                ("rate", models.DecimalField(decimal_places=8, max_digits=18, verbose_name="rate")),
                ("valid_from", models.DateField(verbose_name="valid from")),
            ],
            options={
                "verbose_name": "exchange rate",
                "verbose_name_plural": "exchange rates",
                "ordering": ["currency", "-valid_from"],
                "constraints": [
                    models.UniqueConstraint(fields=["base", "currency", "valid_from"], name="one_rate_a_day"),
                    models.CheckConstraint(condition=models.Q(rate__gt=0), name="rate_above_zero"),
                    models.CheckConstraint(
                        condition=models.Q(("currency", django.db.models.expressions.F("base")), _negated=True),
                        name="rate_of_another_currency",
                    ),
                ],
            },
        ),
    ]
