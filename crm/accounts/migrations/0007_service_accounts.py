from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_department_heads")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="is_service",
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name="application"),
        ),
    ]
