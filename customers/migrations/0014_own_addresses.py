import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0013_offers"),
    ]

    operations = [
        migrations.AddField(
            model_name="portalcode",
            name="contact",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.contact"
            ),
        ),
        migrations.AddField(
            model_name="portalcode",
            name="replaces",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="customers.identity"
            ),
        ),
    ]
