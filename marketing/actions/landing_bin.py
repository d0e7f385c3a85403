"""Landing pages in the recycle bin: deleting, taking back, and deleting for good."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record as note
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound

from ..models import LandingPage
from ..selectors.landing import deleted_pages


@action(permission="landing.delete")
def delete_page(*, actor: Actor, record: LandingPage) -> None:
    """Moves a page to the recycle bin; its address answers no more and is free for another. Raises `NotFound`."""
    page: LandingPage = LandingPage.objects.lock().fetch(actor, pk=record.pk)
    page.deleted_at, page.deleted_by_id = clock.now(), actor.user_id
    page.save(update_fields=["deleted_at", "deleted_by_id"])
    note(actor=actor, type="landing.deleted", subject=page, data={"name": page.name})


@action(permission="landing.delete")
def undelete_page(*, actor: Actor, record: LandingPage) -> LandingPage:
    """Takes a page out of the bin, published if it was. Raises `NotFound`, `Invalid` when its address has gone."""
    page = _binned(actor, record)
    page.deleted_at, page.deleted_by_id = None, None
    try:
        with transaction.atomic():
            page.save(update_fields=["deleted_at", "deleted_by_id"])
    except IntegrityError:
        raise Invalid(_("Another landing page has this address by now. Give that one another address first.")) from None
    note(actor=actor, type="landing.bin_restored", subject=page, data={"name": page.name})
    return page


@action(permission="console.erase")
def erase_page(*, actor: Actor, record: LandingPage) -> None:
    """Removes a page of the bin for good, with its visits and sent forms; the leads they made stay."""
    page = _binned(actor, record)
    note(actor=actor, type="landing.erased", subject=page, data={"name": page.name})
    page.delete()


def _binned(actor: Actor, record: LandingPage) -> LandingPage:
    page: LandingPage | None = deleted_pages(actor).lock().filter(pk=record.pk).first()
    if page is None:
        raise NotFound
    return page
