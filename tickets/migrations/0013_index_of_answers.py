"""Finds the tickets that answer a question, or that picked an option of several."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("tickets", "0012_request_type_questions")]

    operations = [AddIndexConcurrently("ticket", GinIndex(fields=["custom"], name="ticket_answers"))]
