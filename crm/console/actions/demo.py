"""Demo data in and out."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.demo import STAFF_HOST, DemoContext
from crm.core.errors import NotReady
from crm.core.models import Brand, DemoRun
from crm.core.sockets import demo, kinds
from crm.files.blobs import erase
from crm.files.models import Attachment, Blob, Upload
from crm.jobs import runners
from crm.jobs.models import Job

from ..demo_data.ledger import keys_before, made_since
from ..demo_data.removing import remove

LOAD_KIND, REMOVE_KIND = "console.demo_load", "console.demo_remove"
#: What one click loads: enough for every screen, quick to make and to remove.
TICKETS, CUSTOMERS, SEED = 400, 80, 1
#: Names of kept records that are told; there may be more.
_NAMED = 40


class DemoThere(NotReady):
    """There is one demo at most."""

    code = "demo_there"


def load_demo(context: DemoContext) -> DemoRun:
    """Runs every step of the demo in one transaction and keeps what it made. Raises `DemoThere`.

    Outside a transaction it opens one that does not see what others write meanwhile, so that the ledger is exact.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        before = keys_before()
        if User.objects.filter(email=f"admin@{STAFF_HOST}").exists():
            raise DemoThere(_("Demo data is there already."))
        with connection.cursor() as cursor:
            cursor.execute("SELECT max(id) FROM files_blob")
            blobs_before = cursor.fetchone()[0] or 0
        for step in demo:
            context.progress.start(step.label)
            step.run(context)
            context.progress.finish()
        ledger = made_since(before)
        ledger["blobs"] = list(Blob.objects.filter(pk__gt=blobs_before).values_list("pk", flat=True))
        return DemoRun.objects.create(
            seed=context.seed, tickets=context.tickets, customers=context.customers, loaded_at=clock.now(),
            ledger=ledger,
        )  # fmt: skip


@action(permission="console.manage_apps")
def start_demo_load(*, actor: Actor) -> Job:
    """Loads demo data by a job. Raises `DemoThere`."""
    if User.objects.filter(email=f"admin@{STAFF_HOST}").exists() or open_run() is not None:
        raise DemoThere(_("Demo data is there already."))
    return _start(actor, LOAD_KIND, _("Load demo data"), total=len(demo))


@action(permission="console.manage_apps")
def start_demo_removal(*, actor: Actor) -> Job:
    """Removes the demo data by a job. Raises `NotReady` when none is there that can be removed."""
    if open_run() is None:
        raise NotReady(_("There is no demo data that this product loaded itself."))
    if actor.user_id in set(demo_users().values_list("pk", flat=True)):
        raise NotReady(_("You are signed in as a person of the demo. Sign in as yourself to remove it."))
    return _start(actor, REMOVE_KIND, _("Remove demo data"), total=1)


@action(permission="console.manage_apps")
def record_demo_loaded(*, actor: Actor, run: DemoRun) -> None:
    """Notes that demo data came in."""
    data = {"customers": run.customers, "tickets": run.tickets}
    record(actor=actor, type="console.demo_loaded", subject=Brand.default(), data=data)


@action(permission="console.manage_apps")
def remove_demo(*, actor: Actor) -> dict[str, Any]:
    """Removes exactly what the loading made, and what was added to it since; what real data hangs on stays.

    Kept people of the demo are suspended, since their password is public. Returns how many rows went and the names
    of what stayed. Raises `NotReady` when there is nothing to remove.
    """
    run = DemoRun.objects.select_for_update().filter(removed_at__isnull=True).first()
    if run is None:
        raise NotReady(_("There is no demo data that this product loaded itself."))
    people = list(demo_users().values_list("pk", flat=True))
    removed = remove(run.ledger)
    for user in User.objects.filter(pk__in=people):
        user.is_active = False
        user.set_unusable_password()
        user.session_epoch += 1
        user.save(update_fields=["is_active", "password", "session_epoch"])
    _forget_blobs(run.ledger.get("blobs", []))
    run.removed_at, run.ledger = clock.now(), {"v": run.ledger["v"], "tables": {}}
    run.save(update_fields=["removed_at", "ledger"])
    gone, kept = sum(removed.rows.values()), _names(removed.kept)
    data = {"removed": gone, "kept": len(kept)}
    record(actor=actor, type="console.demo_removed", subject=Brand.default(), data=data)
    return {"removed": gone, "kept": kept}


def open_run() -> DemoRun | None:
    """The loading whose data is there."""
    return DemoRun.objects.filter(removed_at__isnull=True).first()


def demo_users() -> Any:
    """The people that the loading made."""
    run = open_run()
    ranges = run.ledger["tables"].get("accounts_user", []) if run is not None else []
    found = User.objects.none()
    for first, last in ranges:
        found = found | User.objects.filter(pk__range=(first, last))
    return found


def _start(actor: Actor, kind: str, label: str, *, total: int) -> Job:
    return runners.start(kind=kind, label=label, owner_id=actor.user_id, params={"owner": actor.user_id}, total=total)


def _names(kept: dict[str, list[int]]) -> list[dict[str, str]]:
    """Records that stayed, as people know them: kind and name."""
    found = []
    for kind in kinds:
        model = apps.get_model(kind.model)
        if not kind.url_name or model._meta.db_table not in kept:
            continue
        for row in model._base_manager.filter(pk__in=kept[model._meta.db_table][:_NAMED]):
            found.append({"kind": kind.key, "id": str(row.pk), "name": str(row)})
    return found[: _NAMED * 3]


def _forget_blobs(ids: list[int]) -> None:
    """Contents of the demo that nothing points at any more; the bytes once that is certain."""
    used = Exists(Attachment.all_objects.filter(blob=OuterRef("pk"))) | Exists(
        Upload.objects.filter(blob=OuterRef("pk"))
    )
    for blob in Blob.objects.filter(~used, pk__in=ids):
        gone = Blob(pk=blob.pk, storage_name=blob.storage_name, sha256=blob.sha256, media_type=blob.media_type)
        blob.delete()
        transaction.on_commit(lambda gone=gone: erase(gone))  # type: ignore[misc]
