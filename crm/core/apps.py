from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "crm.core"
    label = "core"
    verbose_name = _("Core")

    def ready(self) -> None:
        from celery.signals import task_prerun
        from django.db.models.signals import post_migrate

        from . import switches
        from .discovery import autodiscover
        from .seeding import seed

        autodiscover()
        post_migrate.connect(seed, sender=self, dispatch_uid="core.seed")
        # What a task iterates over depends on which apps are switched on.
        task_prerun.connect(switches.before_task, dispatch_uid="core.switches")
