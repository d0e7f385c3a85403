from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("activity", "0001_activity_and_outbox")]

    operations = [
        migrations.CreateModel(
            name="Sighting",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("user_id", models.BigIntegerField()),
                ("kind", models.SmallIntegerField()),
                ("object_id", models.BigIntegerField()),
                ("how", models.SmallIntegerField(choices=[(1, "Opened"), (2, "Opened, with full addresses")])),
                ("hour", models.DateTimeField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-at", "-id"], name="sighting_latest"),
                    models.Index(fields=["kind", "object_id", "-at"], name="sighting_of_record"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["user_id", "hour", "kind", "object_id", "how"], name="one_sighting_an_hour"
                    )
                ],
            },
        ),
    ]
