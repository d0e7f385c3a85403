from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("marketing", "0004_journeys"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="custom",
            field=models.JSONField(db_default={}, default=dict, editable=False),
        ),
    ]
