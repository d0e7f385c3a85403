from decimal import Decimal

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0015_recycle_bin_of_trade")]

    operations = [
        migrations.AddField(
            "interaction",
            "place",
            models.CharField(blank=True, db_default="", default="", max_length=300, verbose_name="place"),
        ),
        migrations.AddField(
            "interaction", "latitude", models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True)
        ),
        migrations.AddField(
            "interaction", "longitude", models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True)
        ),
        migrations.AddField(
            "order",
            "paid",
            models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True, verbose_name="paid"),
        ),
        migrations.AddField("order", "paid_at", models.DateTimeField(blank=True, null=True, verbose_name="paid at")),
        migrations.AddConstraint(
            "order",
            models.CheckConstraint(
                condition=models.Q(("paid__isnull", True), ("paid__gte", Decimal(0)), _connector="OR"),
                name="order_paid_not_negative",
            ),
        ),
    ]
