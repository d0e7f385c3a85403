# Additive: wishes for a lost tracking link, until a worker has looked at them.

from django.db import migrations, models

import crm.core.clock


class Migration(migrations.Migration):
    dependencies = [("tickets", "0015_merged_tickets_and_stand_ins")]

    operations = [
        migrations.CreateModel(
            name="LinkWish",
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
                ("number", models.BigIntegerField()),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=20)),
            ],
            options={"abstract": False},
        ),
    ]
