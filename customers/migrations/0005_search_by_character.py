"""Texts of one or two characters, as most Chinese words are, are found by an index."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations

from crm.core.containing import Characters


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("customers", "0004_own_company")]

    operations = [
        AddIndexConcurrently("customer", GinIndex(Characters("search_key"), name="customer_search_chars")),
    ]
