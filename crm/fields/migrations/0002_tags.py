import django.db.models.deletion
from django.db import migrations, models

import crm.core.clock

TONES = [
    ("neutral", "Grey"),
    ("info", "Blue"),
    ("success", "Green"),
    ("caution", "Amber"),
    ("danger", "Red"),
    ("special", "Purple"),
]


class Migration(migrations.Migration):
    dependencies = [("fields", "0001_custom_fields")]

    operations = [
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(default=crm.core.clock.now, editable=False, verbose_name="created"),
                ),
                (
                    "updated_at",
                    models.DateTimeField(default=crm.core.clock.now, editable=False, verbose_name="updated"),
                ),
                ("kind", models.SmallIntegerField()),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("name_key", models.CharField(editable=False, max_length=60)),
                ("tone", models.CharField(choices=TONES, default="neutral", max_length=8, verbose_name="colour")),
            ],
            options={
                "verbose_name": "tag",
                "verbose_name_plural": "tags",
                "constraints": [models.UniqueConstraint(fields=("kind", "name_key"), name="one_tag_of_a_name")],
            },
        ),
        migrations.CreateModel(
            name="Tagging",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.SmallIntegerField()),
                ("object_id", models.BigIntegerField()),
                (
                    "tag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="taggings", to="fields.tag"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["tag", "object_id"], name="tagging_by_tag")],
                "constraints": [
                    models.UniqueConstraint(fields=("object_id", "kind", "tag"), name="one_tag_once_a_record")
                ],
            },
        ),
    ]
