"""What of customers itself, and of the rooms below, goes over when two customers or two contacts become one."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.activity.models import Anchor
from crm.core.sockets import kinds
from crm.fields.tags import taggings
from crm.notifications.models import Mute, Notification
from crm.planner.models import Task

from .actions.portal_sessions import end_sessions
from .choices import ConsentChannel, PortalReach
from .lifecycles import Lifecycle, Of, gone, lifecycles, moving
from .models import Address, BillingTitle, Collaborator, Consent, Contact, Credit, Identity, PortalAccess, PortalCode
from .segmenting.lifecycle import SEGMENT_LIFECYCLES
from .selectors import said_by


def _with_main(key: str, of: Of, label: Any, path: str, model: Any, column: str, flag: str, per: str = "") -> Lifecycle:
    """Rows of which one (of each `per`) is the main one: the survivor's stay so, those that come give it up."""
    plain = moving(key, of, label, path)

    def merge(old: int, new: int) -> dict[str, Any]:
        mains = model._base_manager.filter(**{flag: True})
        have = mains.filter(**{column: new})
        coming = mains.filter(**{column: old})
        if per:
            coming = coming.filter(**{f"{per}__in": list(have.values_list(per, flat=True))})
        elif not have.exists():
            coming = coming.none()
        ids = list(coming.values_list("pk", flat=True))
        moved = plain.merge(old, new)
        model._base_manager.filter(pk__in=ids).update(**{flag: False})
        return {"moved": moved, "mains": ids}

    def undo(old: int, new: int, memory: dict[str, Any]) -> list[str]:
        model._base_manager.filter(pk__in=memory["mains"]).update(**{flag: True})
        return plain.undo(old, new, memory["moved"])

    return Lifecycle(key, of, label, merge, undo, (path,), plain.count, plain.order)


def _merge_consents(old: int, new: int) -> dict[str, Any]:
    """Moves what was agreed to; where the two differ, the stricter holds, and a row says so.

    No, then never asked, then yes: nobody is advertised to at an address for which they agreed to nothing.
    """
    theirs, ours = said_by(old), said_by(new)
    moved = list(Consent.objects.filter(contact=old).order_by("pk").values_list("pk", flat=True))
    Consent.objects.filter(pk__in=moved).update(contact=new)
    after, added = said_by(new), []
    for channel in ConsentChannel.values:
        if channel == ConsentChannel.SERVICE or {theirs[channel], ours[channel]} == {True}:
            continue
        if after[channel] is True:
            text = _t("Two records of one person were merged; one of them had not agreed. Ask again.")
            row = Consent.objects.create(contact_id=new, channel=channel, granted=False, text=text, text_version=0)
            added.append(row.pk)
    return {"moved": moved, "added": added}


def _undo_consents(old: int, new: int, memory: dict[str, Any]) -> list[str]:
    known = set(memory["moved"]) | set(memory["added"])
    later = Consent.objects.filter(contact=new, pk__gt=max(known, default=0)).exclude(pk__in=known)
    if known and later.exclude(channel=ConsentChannel.SERVICE).exists():
        return [_t("Consent was changed since")]
    Consent.objects.filter(pk__in=memory["added"]).delete()
    back = Consent.objects.filter(contact=new, pk__in=memory["moved"]).update(contact=old)
    return [] if back == len(memory["moved"]) else [gone(_t("Consents"), len(memory["moved"]) - back)]


def _end_sessions(old: int, new: int) -> None:
    end_sessions([old])
    PortalCode.objects.filter(contact=old).delete()


def _merge_reach(old: int, new: int) -> dict[str, str]:
    """Whoever was shut out of the portal stays out; nobody sees more than they did."""
    theirs = PortalAccess.objects.filter(contact=old).values_list("reach", flat=True).first()
    if theirs != PortalReach.OFF:
        return {}
    row, _created = PortalAccess.objects.get_or_create(contact_id=new)
    before, row.reach = row.reach, PortalReach.OFF
    row.save(update_fields=["reach"])
    end_sessions([new])
    return {"before": before}


def _undo_reach(old: int, new: int, memory: dict[str, str]) -> list[str]:
    if memory:
        PortalAccess.objects.filter(contact=new).update(reach=memory["before"])
    return []


def _history(of: Of) -> Lifecycle:
    """The timeline of the survivor shows both. Deeds stay as they are written; only where they show changes."""

    def here(record_id: int) -> Any:
        return Anchor.objects.filter(kind=kinds[of].code, object_id=record_id)

    def merge(old: int, new: int) -> dict[str, list[int]]:
        shown = here(new).values("activity_id")
        rows = list(here(old).exclude(activity_id__in=shown).values_list("pk", "subject_kind", "subject_id"))
        ids = [pk for pk, _kind, _subject in rows]
        own = [pk for pk, kind, subject in rows if (kind, subject) == (kinds[of].code, old)]
        if of == "customer":
            people = list(Contact.all_objects.filter(customer=new).values_list("pk", flat=True))
            beside = Anchor.objects.filter(kind=kinds["contact"].code, object_id__in=people)
            own += beside.filter(subject_kind=kinds[of].code, subject_id=old).values_list("pk", flat=True)
        Anchor.objects.filter(pk__in=ids).update(object_id=new)
        Anchor.objects.filter(pk__in=own).update(subject_id=new)
        return {"moved": ids, "own": own}

    def undo(old: int, new: int, memory: dict[str, list[int]]) -> list[str]:
        Anchor.objects.filter(pk__in=memory["own"]).update(subject_id=old)
        Anchor.objects.filter(pk__in=memory["moved"]).update(object_id=old)
        return []

    return Lifecycle(f"activity.{of}", of, "", merge, undo, order=90)


def _tasks(of: Of) -> Lifecycle:
    def known(new: int) -> Q:
        """A machine's task that the survivor has too stays behind."""
        have = Task.all_objects.filter(kind=kinds[of].code, object_id=new).exclude(source_key="")
        return Q(source_key__in=list(have.values_list("source_key", flat=True)))

    return moving(f"planner.{of}", of, _("Tasks"), "planner.Task.object_id", stays=known, kind_column="kind")


def _meetings(of: Of) -> Lifecycle:
    return moving(f"planner.meetings_{of}", of, _("Meetings"), "planner.Meeting.object_id", kind_column="kind")


def _tags(of: Of) -> Lifecycle:
    def has(new: int) -> Q:
        return Q(tag__in=list(taggings(of, [new]).values_list("tag", flat=True)))

    return moving(f"fields.tags_{of}", of, _("Tags"), "fields.Tagging.object_id", stays=has, kind_column="kind")


def _notices(of: Of) -> Lifecycle:
    def told(new: int) -> Q:
        """Who has an unread line about the survivor needs no second one."""
        rows = Notification.objects.filter(subject_kind=kinds[of].code, object_id=new, unread=True)
        return Q(unread=True, user__in=list(rows.values_list("user", flat=True)))

    path = "notifications.Notification.object_id"
    return moving(f"notifications.{of}", of, "", path, stays=told, kind_column="subject_kind")


def _mutes(of: Of) -> Lifecycle:
    def muted(new: int) -> Q:
        rows = Mute.objects.filter(subject_kind=kinds[of].code, object_id=new)
        return Q(user__in=list(rows.values_list("user", flat=True)))

    path = "notifications.Mute.object_id"
    return moving(f"notifications.mute_{of}", of, "", path, stays=muted, kind_column="subject_kind")


def _same_colleagues(new: int) -> Q:
    return Q(user__in=list(Collaborator.objects.filter(customer=new).values_list("user", flat=True)))


def _has_credit(new: int) -> Q:
    """A survivor with a limit or report of its own keeps that."""
    return Q(pk__isnull=not Credit.objects.filter(customer=new).exists())


for of in ("customer", "contact"):
    lifecycles.register(
        _tasks(of),  # type: ignore[arg-type]
        _meetings(of),  # type: ignore[arg-type]
        _tags(of),  # type: ignore[arg-type]
        moving(f"files.{of}", of, _("Files"), "files.Attachment.object_id", kind_column="kind"),  # type: ignore[arg-type]
        _notices(of),  # type: ignore[arg-type]
        _mutes(of),  # type: ignore[arg-type]
        _history(of),  # type: ignore[arg-type]
    )

_CONTACTS = "customers.Contact.customer"
lifecycles.register(
    _with_main("customers.contacts", "customer", _("Contacts"), _CONTACTS, Contact, "customer", "is_primary"),
    moving("customers.orders", "customer", _("Orders"), "customers.Order.customer"),
    moving("customers.equipment", "customer", _("Equipment"), "customers.Equipment.customer"),
    moving("customers.concerns", "customer", "", "customers.Concern.customer"),
    moving("customers.links", "customer", "", "customers.Link.customer"),
    moving("customers.talks", "customer", _("Interactions"), "customers.Interaction.customer"),
    _with_main(
        "customers.addresses", "customer", _("Addresses"), "customers.Address.customer", Address, "customer",
        "is_main", "kind",
    ),
    _with_main(
        "customers.billing", "customer", _("Billing titles"), "customers.BillingTitle.customer", BillingTitle,
        "customer", "is_main",
    ),
    moving(
        "customers.collaborators", "customer", _("Collaborators"), "customers.Collaborator.customer",
        stays=_same_colleagues,
    ),
    moving(
        "customers.subsidiaries", "customer", _("Subsidiaries"), "customers.Customer.parent",
        stays=lambda new: Q(pk=new),
    ),
    moving("customers.credit", "customer", _("Credit limit"), "customers.Credit.customer", stays=_has_credit),
    moving("customers.wishes", "customer", _("Wishes"), "customers.Wish.customer"),
    moving("customers.wishes_of", "contact", _("Wishes"), "customers.Wish.contact"),
    moving("customers.redirects", "customer", "", "customers.Customer.merged_into"),
    Lifecycle(
        "customers.figures", "customer", "", lambda old, new: None, lambda old, new, memory: [],
        ("customers.CustomerFacts.customer", "customers.Offer.customer"),
    ),  # computed anew from the orders, which go over
    Lifecycle(
        "customers.pairs", "customer", "", lambda old, new: None, lambda old, new, memory: [],
        ("customers.PossibleDuplicate.first", "customers.PossibleDuplicate.second"),
    ),  # a pair with a merged customer is no longer shown
    _with_main(
        "customers.identities", "contact", _("Ways to reach them"), "customers.Identity.contact", Identity, "contact",
        "is_primary", "kind",
    ),
    Lifecycle(
        "customers.consents", "contact", "", _merge_consents, _undo_consents, ("customers.Consent.contact",)
    ),
    Lifecycle(
        "customers.portal_sessions", "contact", "", _end_sessions, lambda old, new, memory: [],
        ("customers.PortalSession.contact", "customers.PortalCode.contact"),
    ),  # whoever was signed in, or adding an address, begins again as the survivor
    Lifecycle(
        "customers.portal_access", "contact", "", _merge_reach, _undo_reach, ("customers.PortalAccess.contact",)
    ),
    moving("customers.talks_with", "contact", _("Interactions"), "customers.Interaction.contact"),
    moving("customers.orders_of", "contact", _("Orders"), "customers.Order.contact"),
    moving("customers.contact_redirects", "contact", "", "customers.Contact.merged_into"),
)  # fmt: skip
lifecycles.register(*SEGMENT_LIFECYCLES)
