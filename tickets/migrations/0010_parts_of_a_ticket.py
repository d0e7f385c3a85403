from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0009_request_type_audiences"),
    ]

    operations = [
        migrations.AddField(
            model_name="ticket",
            name="parent_assignee_id",
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="ticket",
            name="promised_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="asked for by"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", True), ("parent_assignee_id__isnull", False)),
                fields=["parent_assignee_id", "-last_message_at"],
                name="ticket_part_by_holder",
            ),
        ),
    ]
