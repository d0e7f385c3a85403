from django.db import migrations, models


class Migration(migrations.Migration):
    #: Its name before numbers followed the order: who applied that one has applied this one.
    replaces = [("tickets", "0004_recycle_bin")]

    dependencies = [
        ("tickets", "0004_macros"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", False)), fields=["-deleted_at"], name="ticket_binned"
            ),
        ),
    ]
