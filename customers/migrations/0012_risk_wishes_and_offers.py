from decimal import Decimal

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import crm.core.clock
import customers.models.levels


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0011_portal"),
    ]

    operations = [
        migrations.CreateModel(
            name="Credit",
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
                    "limit",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=16,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="credit limit",
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
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                (
                    "used",
                    models.DecimalField(
                        decimal_places=2, default=0, editable=False, max_digits=18, verbose_name="credit used"
                    ),
                ),
                ("left_out", models.IntegerField(default=0, editable=False)),
                ("over_since", models.DateTimeField(editable=False, null=True)),
                ("score", models.SmallIntegerField(editable=False, null=True, verbose_name="credit score")),
                ("remark", models.CharField(blank=True, editable=False, max_length=300, verbose_name="remark")),
                ("source", models.CharField(blank=True, editable=False, max_length=60, verbose_name="source")),
                ("reported_on", models.DateField(editable=False, null=True, verbose_name="reported on")),
                ("asked_at", models.DateTimeField(editable=False, null=True, verbose_name="asked at")),
                ("ask_error", models.CharField(blank=True, editable=False, max_length=200)),
            ],
            options={
                "verbose_name": "credit",
                "verbose_name_plural": "credit",
            },
        ),
        migrations.CreateModel(
            name="LevelSettings",
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
                ("points", models.JSONField(default=dict)),
                (
                    "medium_from",
                    models.PositiveSmallIntegerField(
                        default=25,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="medium risk from (points)",
                    ),
                ),
                ("high_from", models.PositiveSmallIntegerField(default=50, verbose_name="high risk from (points)")),
                (
                    "contract_medium",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("100000"),
                        max_digits=16,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="medium value from",
                    ),
                ),
                (
                    "contract_high",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("500000"), max_digits=16, verbose_name="high value from"
                    ),
                ),
                (
                    "months",
                    models.PositiveSmallIntegerField(
                        default=24,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(120),
                        ],
                        verbose_name="compare purchases of the last (months)",
                    ),
                ),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        default=180,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1000),
                        ],
                        verbose_name="bought as well within (days)",
                    ),
                ),
                (
                    "min_buyers",
                    models.PositiveIntegerField(
                        default=5,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="at least so many bought both",
                    ),
                ),
                (
                    "min_percent",
                    models.PositiveSmallIntegerField(
                        default=10,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="at least so many percent of the buyers",
                    ),
                ),
                (
                    "min_lift",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("1.2"),
                        max_digits=5,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="at least so many times as often as everybody",
                    ),
                ),
                ("size_field", models.CharField(blank=True, max_length=60, verbose_name="field of the size")),
                ("place_field", models.CharField(blank=True, max_length=60, verbose_name="field of the place")),
                (
                    "tasks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("repurchase", "The next order is overdue"),
                                ("risk", "The risk becomes high"),
                                ("credit", "The credit limit is exceeded"),
                                ("wish", "A product fits a wish"),
                                ("offer", "Others who bought the same bought something else as well"),
                                ("step", "There is a step up from what was bought"),
                            ],
                            max_length=12,
                        ),
                        blank=True,
                        default=customers.models.levels.first_tasks,
                        size=None,
                        verbose_name="tasks for the owner",
                    ),
                ),
                (
                    "task_days",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[django.core.validators.MaxValueValidator(90)],
                        verbose_name="due after (days)",
                    ),
                ),
                (
                    "credit_days",
                    models.PositiveSmallIntegerField(
                        default=90,
                        validators=[django.core.validators.MaxValueValidator(1000)],
                        verbose_name="ask for credit data again after (days)",
                    ),
                ),
            ],
            options={
                "verbose_name": "levels and flags",
                "verbose_name_plural": "levels and flags",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("medium_from__lt", models.F("high_from"))),
                        name="risk_bounds_in_order",
                        violation_error_message="High risk has to begin above medium",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("contract_medium__lt", models.F("contract_high"))),
                        name="contract_bounds_in_order",
                        violation_error_message="High value has to begin above medium",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProductPair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("pair", "Bought as well"), ("step", "A step up")], max_length=4)),
                ("buyers", models.IntegerField(default=0)),
                ("both", models.IntegerField(default=0)),
                ("confidence", models.FloatField(default=0)),
                ("lift", models.FloatField(default=0)),
                ("days", models.PositiveSmallIntegerField()),
                ("is_declared", models.BooleanField(default=False)),
                ("computed_at", models.DateTimeField(default=crm.core.clock.now)),
            ],
            options={
                "verbose_name": "products bought together",
                "verbose_name_plural": "products bought together",
            },
        ),
        migrations.CreateModel(
            name="Wish",
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
                ("name", models.CharField(max_length=160, verbose_name="what they look for")),
                ("search_key", models.CharField(editable=False, max_length=400)),
                (
                    "budget_from",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="budget from",
                    ),
                ),
                (
                    "budget_to",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="budget up to",
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
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                (
                    "size_from",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="size from",
                    ),
                ),
                (
                    "size_to",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="size up to",
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=60, verbose_name="area")),
                (
                    "quantity",
                    models.DecimalField(
                        blank=True, decimal_places=3, max_digits=12, null=True, verbose_name="how many"
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=200, verbose_name="words in the product's name")),
                ("word_keys", models.JSONField(default=list, editable=False)),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("met", "Met"), ("dropped", "Dropped")],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("closed_at", models.DateTimeField(editable=False, null=True)),
                ("created_by_id", models.BigIntegerField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "wish",
                "verbose_name_plural": "wishes",
            },
        ),
        migrations.CreateModel(
            name="WishMatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("found_at", models.DateTimeField(default=crm.core.clock.now)),
            ],
            options={
                "verbose_name": "product that fits",
                "verbose_name_plural": "products that fit",
            },
        ),
        migrations.AddField(
            model_name="customerfacts",
            name="contract_value",
            field=models.DecimalField(
                db_default=0, decimal_places=2, default=0, max_digits=18, verbose_name="value of active contracts"
            ),
        ),
        migrations.AddField(
            model_name="customerfacts",
            name="offers",
            field=models.SmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="customerfacts",
            name="risk",
            field=models.CharField(
                choices=[("none", "None"), ("low", "Low"), ("medium", "Medium"), ("high", "High")],
                db_default="none",
                default="none",
                max_length=6,
                verbose_name="risk",
            ),
        ),
        migrations.AddField(
            model_name="customerfacts",
            name="risk_by_hand",
            field=models.CharField(
                blank=True,
                choices=[("none", "None"), ("low", "Low"), ("medium", "Medium"), ("high", "High")],
                db_default="",
                default="",
                max_length=6,
                verbose_name="risk by hand",
            ),
        ),
        migrations.AddField(
            model_name="customerfacts",
            name="risk_note",
            field=models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="why"),
        ),
        migrations.AddField(
            model_name="customerfacts",
            name="risk_points",
            field=models.SmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="customerfacts",
            name="risk_reasons",
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
        migrations.AddField(
            model_name="customerfacts",
            name="risk_since",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="customerfacts",
            name="wishes",
            field=models.SmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="product",
            name="step_up",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="steps_from",
                to="customers.product",
                verbose_name="next better product",
            ),
        ),
        migrations.AddIndex(
            model_name="customerfacts",
            index=models.Index(
                condition=models.Q(("risk", "none"), _negated=True), fields=["risk", "risk_since"], name="facts_by_risk"
            ),
        ),
        migrations.AddIndex(
            model_name="customerfacts",
            index=models.Index(condition=models.Q(("offers__gt", 0)), fields=["offers"], name="facts_with_offers"),
        ),
        migrations.AddIndex(
            model_name="customerfacts",
            index=models.Index(condition=models.Q(("wishes__gt", 0)), fields=["wishes"], name="facts_with_wishes"),
        ),
        migrations.AddField(
            model_name="credit",
            name="customer",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="credit", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="productpair",
            name="bought",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="pairs", to="customers.product"
            ),
        ),
        migrations.AddField(
            model_name="productpair",
            name="offered",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="offered_after", to="customers.product"
            ),
        ),
        migrations.AddField(
            model_name="wish",
            name="category",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="wishes",
                to="customers.productcategory",
                verbose_name="category",
            ),
        ),
        migrations.AddField(
            model_name="wish",
            name="contact",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="wishes",
                to="customers.contact",
                verbose_name="contact",
            ),
        ),
        migrations.AddField(
            model_name="wish",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="wishes",
                to="customers.customer",
                verbose_name="customer",
            ),
        ),
        migrations.AddField(
            model_name="wishmatch",
            name="product",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="wish_matches", to="customers.product"
            ),
        ),
        migrations.AddField(
            model_name="wishmatch",
            name="wish",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="matches", to="customers.wish"
            ),
        ),
        migrations.AddIndex(
            model_name="credit",
            index=models.Index(fields=["asked_at"], name="credit_by_asking"),
        ),
        migrations.AddConstraint(
            model_name="credit",
            constraint=models.CheckConstraint(
                condition=models.Q(("limit__isnull", True), ("limit__gte", 0), _connector="OR"),
                name="credit_limit_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="credit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("score__isnull", True), models.Q(("score__gte", 0), ("score__lte", 100)), _connector="OR"
                ),
                name="credit_score_of_a_hundred",
            ),
        ),
        migrations.AddConstraint(
            model_name="productpair",
            constraint=models.UniqueConstraint(fields=("bought", "offered", "kind"), name="one_pair_of_a_kind"),
        ),
        migrations.AddIndex(
            model_name="wish",
            index=models.Index(fields=["customer", "state"], name="wish_by_customer"),
        ),
        migrations.AddIndex(
            model_name="wish",
            index=models.Index(fields=["-created_at", "-id"], name="wish_newest"),
        ),
        migrations.AddIndex(
            model_name="wish",
            index=models.Index(condition=models.Q(("state", "open")), fields=["id"], name="wish_open"),
        ),
        migrations.AddIndex(
            model_name="wish",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_key"], name="wish_search_trgm", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="wish",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("budget_from__isnull", True),
                    ("budget_to__isnull", True),
                    ("budget_from__lte", models.F("budget_to")),
                    _connector="OR",
                ),
                name="wish_budget_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="wish",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("size_from__isnull", True),
                    ("size_to__isnull", True),
                    ("size_from__lte", models.F("size_to")),
                    _connector="OR",
                ),
                name="wish_size_in_order",
            ),
        ),
        migrations.AddIndex(
            model_name="wishmatch",
            index=models.Index(fields=["found_at"], name="wish_match_newest"),
        ),
        migrations.AddConstraint(
            model_name="wishmatch",
            constraint=models.UniqueConstraint(fields=("wish", "product"), name="one_match_a_product"),
        ),
    ]
