from __future__ import annotations

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.jobs import runners
from crm.jobs.models import Job

from .actions import send_report
from .models import Reader


def send_next(job: Job) -> bool:
    """One reader a step, so that a report that takes long keeps nobody's from going."""
    ids = job.params["readers"]
    if job.cursor >= len(ids):
        return True
    reader = Reader.objects.select_related("mail__dashboard", "user").filter(pk=ids[job.cursor]).first()
    if reader is None or not send_report(actor=Actor.system(), reader=reader, on=job.params["on"]):
        name = str(reader.user) if reader is not None else f"#{ids[job.cursor]}"
        runners.skip(job, ids[job.cursor], name, _t("They left, stopped it, or may not read the report any more."))
    job.cursor, job.done = job.cursor + 1, job.done + 1
    return job.cursor >= len(ids)


runners.runners.register(runners.Runner("reports.mail", _("Report by mail"), send_next, queue="reports"))
