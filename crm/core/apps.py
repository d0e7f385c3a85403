from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "crm.core"
    label = "core"
    verbose_name = _("Core")

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from .discovery import autodiscover
        from .seeding import seed

        autodiscover()
        post_migrate.connect(seed, sender=self, dispatch_uid="core.seed")
