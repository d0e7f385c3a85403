from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("calendars", "0001_calendars_and_clocks")]

    operations = [
        AddIndexConcurrently(
            model_name="clock",
            index=models.Index(fields=["policy_id", "started_at"], name="clock_by_policy"),
        ),
    ]
