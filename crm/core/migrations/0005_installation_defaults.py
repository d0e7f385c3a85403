"""A restore writes the row of the installation by SQL: what it does not name needs a default of the database."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0004_first_run")]

    operations = [
        migrations.AlterField(
            model_name="installation",
            name="apps_off",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), db_default=[], default=list, size=None
            ),
        ),
        migrations.AlterField(
            model_name="installation",
            name="steps_skipped",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=80), db_default=[], default=list, size=None
            ),
        ),
    ]
