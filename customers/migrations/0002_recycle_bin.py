from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0001_customers_and_contacts"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", False)), fields=["-deleted_at"], name="customer_binned"
            ),
        ),
    ]
