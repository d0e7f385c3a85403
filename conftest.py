"""Fixtures for every test. The services are started earlier, by the plugin that pytest.ini names."""

from crm.testing.browser import chromium, new_page, page
from crm.testing.catalogues import fresh_custom_fields
from crm.testing.database import database_template, django_db_setup
from crm.testing.demo import demo_database, demo_template
from crm.testing.first_run import settled
from crm.testing.stack import module_stack, stack, stack_address

__all__ = [
    "chromium", "database_template", "demo_database", "demo_template", "django_db_setup", "fresh_custom_fields",
    "module_stack", "new_page", "page", "settled", "stack", "stack_address",
]  # fmt: skip
