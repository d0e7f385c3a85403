from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("marketing", "0005_custom_fields_of_campaigns"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="deleted_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="campaign",
            name="deleted_by_id",
            field=models.BigIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="campaign",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", False)), fields=["-deleted_at"], name="campaign_binned"
            ),
        ),
        migrations.AddField(
            model_name="journey",
            name="deleted_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="journey",
            name="deleted_by_id",
            field=models.BigIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="journey",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", False)), fields=["-deleted_at"], name="journey_binned"
            ),
        ),
    ]
