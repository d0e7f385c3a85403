"""Verbs on segments."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.activity.recording import record as record_activity
from crm.conditions import tree as trees
from crm.conditions.language import Condition, parse
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_line
from crm.fields.records import changed_in_words
from crm.jobs.models import Job
from crm.ui.models import Audience

from ..choices import MemberSource, SegmentKind
from ..exceptions import InACircle, NotPickedByHand, SegmentUsed
from ..models import Customer, Segment, SegmentMember
from ..segmenting import computing, membership
from ..segmenting.rights import ON, author_of, derived, require_reach, segments_named
from ..segmenting.uses import uses_of

EDITABLE = ("name", "description", "condition", "owner", "audience", "team")


@action(permission="segments.manage")
def create_segment(*, actor: Actor, values: Mapping[str, Any]) -> Segment:
    """Makes a segment, owned by its creator unless `values` names another owner, and starts computing a dynamic one.

    Raises `Invalid` with `fields`; also for a condition that names a field its owner may not read.
    """
    given = dict(values)
    require_reach(actor, given.get("owner"))
    segment = Segment(kind=given.pop("kind", SegmentKind.DYNAMIC), owner_id=actor.user_id)
    if segment.kind not in SegmentKind.values:
        raise Invalid(fields={"kind": _("Choose one of the kinds")})
    _fill(actor, segment, given)
    segment.save()
    _tell(actor, "segments.created", segment, {})
    if segment.is_dynamic:
        computing.begin(segment, actor.user_id)
    return segment


@action(permission="segments.manage")
def update_segment(*, actor: Actor, record: Segment, values: Mapping[str, Any]) -> Segment:
    """Sets the given fields; after another condition or owner the members are computed anew.

    Raises `Invalid`, and `InACircle` for a condition that asks about the segment itself through others.
    """
    row = _locked(actor, record)
    if values.get("owner", row.owner) != row.owner:
        require_reach(actor, values["owner"])
    return _change(actor, row, values)


def _change(actor: Actor, segment: Segment, values: Mapping[str, Any]) -> Segment:
    before = {name: getattr(segment, name) for name in EDITABLE}
    _fill(actor, segment, values)
    changed = [name for name in EDITABLE if getattr(segment, name) != before[name]]
    if not changed:
        return segment
    anew = segment.is_dynamic and not {"condition", "owner"}.isdisjoint(changed)
    if anew:
        segment.failure = ""
    segment.save()
    _tell(actor, "segments.updated", segment, {"fields": changed_in_words(Segment, changed, ())})
    if anew:
        computing.begin(segment, actor.user_id)
    return segment


@action(permission="segments.manage")
def give_segment(*, actor: Actor, record: Segment, to: User) -> Segment:
    """Makes a colleague the owner, also of a segment that only its owner sees; the members are computed anew.

    Raises `Invalid` when the colleague may not read every field that the conditions name.
    """
    segment = Segment.objects.lock().select_related("owner").filter(pk=record.pk).first()
    if segment is None:
        raise NotFound
    return _change(actor, segment, {"owner": to})


@action(permission="segments.manage")
def delete_segment(*, actor: Actor, record: Segment) -> None:
    """Deletes a segment with its members. Raises `SegmentUsed` while a campaign, journey or rule needs it."""
    segment = _locked(actor, record)
    if uses_of(segment.pk):
        raise SegmentUsed
    computing.stop(segment)
    _tell(actor, "segments.deleted", segment, {})
    SegmentMember.objects.filter(segment=segment).delete()
    segment.delete()


@action(permission="segments.manage")
def recompute(*, actor: Actor, record: Segment) -> Job:
    """Starts computing a dynamic segment anew; one that still runs is stopped. Raises `NotPickedByHand`."""
    segment = _locked(actor, record)
    if not segment.is_dynamic:
        raise NotPickedByHand(_t("A static segment has nothing to compute."))
    return computing.begin(segment, actor.user_id)


@action(permission="segments.manage")
def stop_computing(*, actor: Actor, record: Segment) -> Segment:
    """Stops a computing; the members stay as they were before it began."""
    segment = _locked(actor, record)
    computing.stop(segment)
    return Segment.objects.select_related("job").get(pk=segment.pk)


@action(permission="segments.manage")
def add_to_segment(*, actor: Actor, segment: Segment, customers: Collection[Customer]) -> int:
    """Puts customers into a static segment; returns how many were not in it.

    Raises `NotPickedByHand` for a dynamic one, `NotFound` for a customer outside the actor's set.
    """
    return _by_hand(actor, segment, customers, enter=True)


@action(permission="segments.manage")
def remove_from_segment(*, actor: Actor, segment: Segment, customers: Collection[Customer]) -> int:
    """Takes customers out of a static segment; returns how many were in it. Raises `NotPickedByHand`, `NotFound`."""
    return _by_hand(actor, segment, customers, enter=False)


@action(permission="segments.manage")
def copy_to_static(*, actor: Actor, record: Segment, name: str = "") -> Segment:
    """A static segment of the actor's own with those members that the actor sees now. Raises `Invalid`."""
    source = Segment.objects.fetch(actor, pk=record.pk)
    copy = Segment(kind=SegmentKind.STATIC, owner_id=actor.user_id, audience=source.audience, team=source.team)
    wanted = name or _t("%(name)s, %(day)s") % {"name": source.name, "day": clock.now().date().isoformat()}
    _fill(actor, copy, {"name": wanted})
    copy.save()
    stays = SegmentMember.objects.filter(segment=source).current().values("customer")
    ids = list(Customer.objects.visible_to(actor).filter(pk__in=stays).values_list("pk", flat=True))
    _tell(actor, "segments.copied", copy, {"from": source.name, "size": len(ids)})
    membership.settle(copy, ids, (), MemberSource.COPY, clock.now())
    copy.refresh_from_db()
    return copy


def _by_hand(actor: Actor, segment: Segment, customers: Collection[Customer], *, enter: bool) -> int:
    row = _locked(actor, segment)
    if row.is_dynamic:
        raise NotPickedByHand
    ids = [customer.pk for customer in customers]
    if Customer.objects.visible_to(actor).external().filter(pk__in=ids).count() != len(set(ids)):
        raise NotFound
    inside, outside = (ids, []) if enter else ([], ids)
    settled = membership.settle(row, inside, outside, MemberSource.HAND, clock.now())
    membership.tell(actor, row, settled)
    return len(settled.entered) + len(settled.left)


def _locked(actor: Actor, segment: Segment) -> Segment:
    """The segment, fresh and locked, out of the actor's set. Raises `NotFound`."""
    row = Segment.objects.visible_to(actor).lock().select_related("owner").filter(pk=segment.pk).first()
    if row is None:
        raise NotFound
    return row


def _fill(actor: Actor, segment: Segment, values: Mapping[str, Any]) -> None:
    """Sets checked values. Raises `Invalid`."""
    if unknown := set(values) - set(EDITABLE):
        raise Invalid(fields={name: _("This cannot be set here") for name in sorted(unknown)})
    for name, value in values.items():
        setattr(segment, name, value)
    segment.name = clean_line(segment.name, 120)
    segment.description = clean_line(segment.description, 200)
    if not segment.name:
        raise Invalid(fields={"name": _("Enter a name")})
    if segment.audience != Audience.TEAM:
        segment.team = None
    elif segment.team is None:
        raise Invalid(fields={"team": _("Choose a team")})
    if segment.is_dynamic:
        derived(segment, _checked(actor, segment, is_new="condition" in values))
    else:
        segment.condition = trees.empty()


def _checked(actor: Actor, segment: Segment, *, is_new: bool) -> Condition:
    """The condition as its owner means it, read by who writes it too. Raises `Invalid`, `InACircle`."""
    if segment.owner is None:
        raise Invalid(fields={"owner": _("Choose who owns the segment; it finds what this colleague may see")})
    try:
        if is_new:
            parse(segment.condition, ON, actor)
        condition = parse(segment.condition, ON, author_of(segment.owner), stored=True)
    except Invalid as error:
        own = _t("The owner %(name)s may not read every field of these conditions.") % {"name": segment.owner.name}
        said = error.message if actor.user_id == segment.owner_id else f"{error.message} {own}"
        raise Invalid(fields={"condition": said}) from None
    if condition.always:
        raise Invalid(fields={"condition": _("Add at least one condition.")})
    segment.condition = condition.tree
    _refuse_circle(segment)
    return condition


def _refuse_circle(segment: Segment) -> None:
    """Raises `InACircle` when the segments that the condition names lead back to it."""
    ahead, seen = segments_named(segment.condition), set[int]()
    while ahead:
        found = ahead.pop()
        if found == segment.pk:
            raise InACircle(fields={"condition": InACircle.default})
        if found not in seen:
            seen.add(found)
            ahead += Segment.objects.filter(pk=found).values_list("uses", flat=True).first() or []


def _tell(actor: Actor, type_key: str, segment: Segment, data: dict[str, Any]) -> None:
    record_activity(actor=actor, type=type_key, subject=segment, data={"name": segment.name, **data})
