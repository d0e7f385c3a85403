from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0016_lost_links"),
    ]

    operations = [
        migrations.CreateModel(
            name="Request",
            fields=[],
            options={
                "verbose_name": "request",
                "verbose_name_plural": "requests",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("tickets.ticket",),
        ),
    ]
