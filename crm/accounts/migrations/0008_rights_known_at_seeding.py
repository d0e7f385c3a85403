import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_service_accounts")]

    operations = [
        migrations.AddField(
            model_name="role",
            name="seeded_permissions",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=80), blank=True, editable=False, null=True, size=None
            ),
        ),
    ]
