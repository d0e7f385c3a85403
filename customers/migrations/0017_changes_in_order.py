"""Every order in which the API lists what a company has many of."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from crm.core.models import LIVE


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("customers", "0016_places_of_visits_and_paid_orders")]

    operations = [
        AddIndexConcurrently(
            "customer", models.Index(fields=["updated_at", "id"], condition=LIVE, name="customer_by_change")
        ),
        AddIndexConcurrently(
            "contact", models.Index(fields=["created_at", "id"], condition=LIVE, name="contact_by_creation")
        ),
        AddIndexConcurrently(
            "contact", models.Index(fields=["updated_at", "id"], condition=LIVE, name="contact_by_change")
        ),
        AddIndexConcurrently(
            "order", models.Index(fields=["created_at", "id"], condition=LIVE, name="order_by_creation")
        ),
        AddIndexConcurrently(
            "order", models.Index(fields=["updated_at", "id"], condition=LIVE, name="order_by_change")
        ),
        AddIndexConcurrently("shipment", models.Index(fields=["created_at", "id"], name="shipment_by_creation")),
        AddIndexConcurrently("shipment", models.Index(fields=["updated_at", "id"], name="shipment_by_change")),
        AddIndexConcurrently(
            "equipment", models.Index(fields=["created_at", "id"], condition=LIVE, name="equipment_by_creation")
        ),
        AddIndexConcurrently(
            "equipment", models.Index(fields=["updated_at", "id"], condition=LIVE, name="equipment_by_change")
        ),
        AddIndexConcurrently("interaction", models.Index(fields=["happened_at", "id"], name="interaction_by_moment")),
        AddIndexConcurrently("interaction", models.Index(fields=["created_at", "id"], name="interaction_by_creation")),
        AddIndexConcurrently("interaction", models.Index(fields=["updated_at", "id"], name="interaction_by_change")),
    ]
