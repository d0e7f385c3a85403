from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CustomerKind(models.TextChoices):
    COMPANY = "company", _("Company")
    PERSON = "person", _("Person")


class Stage(models.TextChoices):
    """Where the customer stands in its life with the company."""

    NEW = "new", pgettext_lazy("customer stage", "New")
    ACTIVE = "active", _("Active customer")
    DORMANT = "dormant", _("Dormant")
    CHURNED = "churned", _("Churned")


class Source(models.TextChoices):
    WEB_FORM = "web_form", _("Web form")
    STAFF = "staff", _("Entered by staff")
    IMPORT = "import", _("Import")
    EMAIL = "email", _("Email")
    PHONE = "phone", _("Phone")


class IdentityKind(models.TextChoices):
    EMAIL = "email", _("Email")
    PHONE = "phone", _("Phone")


class ConsentChannel(models.TextChoices):
    SERVICE = "service", _("Answers to requests")
    MARKETING = "marketing", _("Marketing")
