"""Who may ask for a type, and its own times. Types that were kept from customers stay with staff alone."""

import django.contrib.postgres.fields
import django.core.validators
from django.db import migrations, models

import tickets.models.settings

_MINUTES = [django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(525600)]


class Migration(migrations.Migration):
    #: Its name before numbers followed the order: who applied that one has applied this one.
    replaces = [("tickets", "0008_request_type_audiences")]

    dependencies = [
        ("tickets", "0008_custom_parts_and_merge"),
    ]

    operations = [
        migrations.AddField(
            model_name="requesttype",
            name="audiences",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("public", "Everybody"),
                        ("customers", "Recognised customers"),
                        ("employees", "Employees"),
                    ],
                    max_length=10,
                ),
                blank=True,
                default=tickets.models.settings.for_everybody,
                size=None,
                verbose_name="who may ask",
            ),
        ),
        migrations.RunSQL(
            "UPDATE tickets_requesttype SET audiences = '{}' WHERE NOT is_public",
            migrations.RunSQL.noop,
        ),
        migrations.RemoveField(model_name="requesttype", name="is_public"),
        migrations.AddField(
            model_name="requesttype",
            name="first_response_minutes",
            field=models.IntegerField(
                blank=True, null=True, validators=_MINUTES, verbose_name="first response within (minutes)"
            ),
        ),
        migrations.AddField(
            model_name="requesttype",
            name="resolution_minutes",
            field=models.IntegerField(
                blank=True, null=True, validators=_MINUTES, verbose_name="resolution within (minutes)"
            ),
        ),
        migrations.AddField(
            model_name="requesttype",
            name="targets_version",
            field=models.IntegerField(default=1, editable=False),
        ),
    ]
