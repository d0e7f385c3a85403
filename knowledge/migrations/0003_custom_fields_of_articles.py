from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0002_reads_by_contacts"),
    ]

    operations = [
        migrations.AddField(
            model_name="article",
            name="custom",
            field=models.JSONField(db_default={}, default=dict, editable=False),
        ),
    ]
