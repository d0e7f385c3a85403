"""Every order in which the API lists leads and opportunities."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from crm.core.models import LIVE


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("sales", "0007_custom_fields_of_quotes_and_contracts")]

    operations = [
        AddIndexConcurrently("lead", models.Index(fields=["updated_at", "id"], condition=LIVE, name="lead_by_change")),
        AddIndexConcurrently(
            "opportunity", models.Index(fields=["expected_close", "id"], condition=LIVE, name="opportunity_by_close")
        ),
        AddIndexConcurrently(
            "opportunity", models.Index(fields=["updated_at", "id"], condition=LIVE, name="opportunity_by_change")
        ),
    ]
