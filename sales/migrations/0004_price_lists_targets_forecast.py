"""What products cost for whom, what is to be sold, and what the forecast was each week."""

from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import crm.core.clock
import crm.core.translated


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_service_accounts"),
        ("customers", "0009_customer_figures"),
        ("sales", "0003_quotes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="opportunityline",
            name="list_price",
            field=models.DecimalField(
                blank=True, decimal_places=4, max_digits=14, null=True, verbose_name="list price"
            ),
        ),
        migrations.AddField(
            model_name="quoteline",
            name="list_price",
            field=models.DecimalField(
                blank=True, decimal_places=4, max_digits=14, null=True, verbose_name="list price"
            ),
        ),
        migrations.CreateModel(
            name="PriceList",
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
                    "name",
                    crm.core.translated.TranslatedField(default=crm.core.translated.Translated, verbose_name="name"),
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
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                ("tax_included", models.BooleanField(default=True, verbose_name="prices hold the tax")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid until")),
                ("condition", models.JSONField(blank=True, default=dict, verbose_name="for which customers")),
                ("order", models.SmallIntegerField(default=50, verbose_name="order")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "price list",
                "verbose_name_plural": "price lists",
                "ordering": ["order", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from__isnull", True),
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="price_list_ends_after_it_begins",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="opportunityline",
            name="price_list",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="sales.pricelist",
                verbose_name="price list",
            ),
        ),
        migrations.AddField(
            model_name="quoteline",
            name="price_list",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="sales.pricelist",
                verbose_name="price list",
            ),
        ),
        migrations.CreateModel(
            name="ForecastSnapshot",
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
                ("taken_on", models.DateField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=16)),
                ("currency", models.CharField(max_length=3)),
                ("chance", models.PositiveSmallIntegerField()),
                ("expected_close", models.DateField()),
                (
                    "opportunity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="snapshots", to="sales.opportunity"
                    ),
                ),
            ],
            options={
                "verbose_name": "forecast snapshot",
                "verbose_name_plural": "forecast snapshots",
                "indexes": [models.Index(fields=["taken_on", "expected_close"], name="forecast_snapshot_of_day")],
                "constraints": [models.UniqueConstraint(fields=("opportunity", "taken_on"), name="one_snapshot_a_day")],
            },
        ),
        migrations.CreateModel(
            name="PriceListItem",
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
                    "min_quantity",
                    models.DecimalField(
                        decimal_places=3,
                        default=Decimal("1"),
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="from quantity",
                    ),
                ),
                (
                    "unit_price",
                    models.DecimalField(
                        decimal_places=4,
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="unit price",
                    ),
                ),
                (
                    "price_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="sales.pricelist"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="list_prices",
                        to="customers.product",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "list price",
                "verbose_name_plural": "list prices",
                "ordering": ["product__sort_key", "product_id", "min_quantity"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("price_list", "product", "min_quantity"), name="one_price_a_quantity"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("min_quantity__gt", 0), ("unit_price__gte", 0)), name="list_price_possible"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Target",
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
                    "measure",
                    models.CharField(
                        choices=[("won", "Won amount"), ("paid", "Paid amount")],
                        default="won",
                        max_length=4,
                        verbose_name="measure",
                    ),
                ),
                (
                    "period",
                    models.CharField(
                        choices=[("month", "Month"), ("quarter", "Quarter"), ("year", "Year")],
                        default="quarter",
                        max_length=7,
                        verbose_name="period",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="starts on")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=16, verbose_name="amount")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sales_targets",
                        to="accounts.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sales_targets",
                        to="accounts.team",
                        verbose_name="team",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sales_targets",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "sales target",
                "verbose_name_plural": "sales targets",
                "ordering": ["starts_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "team", "department", "measure", "period", "starts_on"),
                        name="one_target_a_period",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="target_above_zero"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("team__isnull", True), ("user__isnull", True)),
                            models.Q(("department__isnull", True), ("user__isnull", True)),
                            models.Q(("department__isnull", True), ("team__isnull", True)),
                            _connector="OR",
                        ),
                        name="target_of_one_holder",
                    ),
                ],
            },
        ),
    ]
