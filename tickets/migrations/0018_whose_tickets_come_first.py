from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0017_requests_of_colleagues")]

    operations = [
        migrations.AddField(
            model_name="servicesettings",
            name="raise_when",
            field=models.JSONField(
                blank=True, db_default={}, default=dict, verbose_name="raise the priority by one step"
            ),
        ),
        migrations.AddField(
            model_name="servicesettings",
            name="senior_when",
            field=models.JSONField(blank=True, db_default={}, default=dict, verbose_name="senior colleagues first"),
        ),
    ]
