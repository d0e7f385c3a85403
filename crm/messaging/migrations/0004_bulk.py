# Additive: which mails and text messages are among many alike, and let everything else go first.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0003_text_messages")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="is_bulk",
            field=models.BooleanField(db_default=False, default=False),
        )
        for name in ("outgoingmail", "outgoingsms")
    ]
