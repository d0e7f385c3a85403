from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sales", "0006_customers_in_pools"),
    ]

    operations = [
        migrations.AddField(
            model_name="contract",
            name="custom",
            field=models.JSONField(db_default={}, default=dict, editable=False),
        ),
        migrations.AddField(
            model_name="quote",
            name="custom",
            field=models.JSONField(db_default={}, default=dict, editable=False),
        ),
    ]
