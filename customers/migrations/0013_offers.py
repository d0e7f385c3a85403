import django.db.models.deletion
from django.db import migrations, models

import crm.core.clock


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0012_risk_wishes_and_offers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Offer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bought_at", models.DateTimeField()),
                ("found_at", models.DateTimeField(default=crm.core.clock.now)),
                ("dismissed_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="offers", to="customers.customer"
                    ),
                ),
                (
                    "pair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="offers", to="customers.productpair"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="offers", to="customers.product"
                    ),
                ),
            ],
            options={
                "verbose_name": "offer",
                "verbose_name_plural": "offers",
                "indexes": [models.Index(fields=["found_at"], name="offer_newest")],
                "constraints": [models.UniqueConstraint(fields=("customer", "product"), name="one_offer_a_product")],
            },
        ),
    ]
