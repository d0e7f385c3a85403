"""The Celery app: settings from Django's `CELERY_*`, tasks from every app's `tasks.py`, queues by name."""

import os
from typing import Any

from celery import Celery
from celery.signals import celeryd_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings.dev")

QUEUES = ("urgent", "default", "bulk", "reports")
#: A worker waits for work with a blocking read, so it needs a longer time-out than a publisher.
WORKER_SOCKET_SECONDS = 10.0


def queue_for(name: str, args: Any = (), kwargs: Any = None, options: Any = None, task: Any = None, **_: Any) -> Any:
    """The queue is the first word of a task's name (`urgent.…`, `bulk.…`, `reports.…`), else `default`."""
    first = name.split(".", 1)[0]
    return {"queue": first if first in QUEUES else "default"}


app = Celery("crm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_routes = (queue_for,)
app.autodiscover_tasks()


@celeryd_init.connect
def _lengthen_worker_timeouts(conf: Any, **_: Any) -> None:
    """Before a worker connects: a publisher gives up after 0.3 s, a consumer must not."""
    conf.broker_transport_options = {
        **conf.broker_transport_options,
        "socket_timeout": WORKER_SOCKET_SECONDS,
        "socket_connect_timeout": WORKER_SOCKET_SECONDS,
    }
