"""The lists of the platform: people and rights, jobs and mail, settings."""

from . import fields, mail, people, rates, sms, tags  # noqa: F401 -- each registers its own
