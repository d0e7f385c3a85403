from django.db import migrations, models

import crm.core.clock


class Migration(migrations.Migration):
    """What figures of the service shall reach."""

    dependencies = [("reports", "0002_mailed_dashboards")]

    operations = [
        migrations.CreateModel(
            name="ServiceTarget",
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
                ("key", models.CharField(max_length=60, unique=True)),
                ("value", models.DecimalField(decimal_places=4, max_digits=6)),
            ],
            options={"verbose_name": "service target", "verbose_name_plural": "service targets"},
        ),
    ]
