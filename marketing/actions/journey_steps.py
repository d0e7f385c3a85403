"""Building the outline: steps are added, changed, moved and removed on a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from crm.conditions.language import parse
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_line
from crm.fields.models import Tag
from crm.fields.tags import tags_of_kind

from ..choices.campaigns import MAILS
from ..choices.journeys import StepKind, Way
from ..journeys.outline import Outline
from ..journeys.rights import ON
from ..journeys.settings import clean_settings, first_settings
from ..models import Campaign, Journey, JourneyVersion, Step, Topic
from .journey_mails import copy_mail, new_mail
from .journey_versions import editable

#: Branches within branches, and steps in all.
MAX_DEPTH, MAX_STEPS = 3, 60


@action(permission="journeys.create")
def add_step(
    *, actor: Actor, record: Journey, kind: str, parent: str = "", way: str = "", place: int | None = None
) -> Step:
    """A new step on the main path, or on the `way` of the branch with the key `parent`; at its end without a place.

    Raises `JourneyNotEditable`, `Invalid`, `NotFound`.
    """
    version = editable(actor, record)
    if kind not in StepKind.values:
        raise Invalid(fields={"kind": _("Choose what the step does")})
    outline = Outline(version)
    if len(outline.steps) >= MAX_STEPS:
        raise Invalid(_("A journey has at most %(count)s steps.") % {"count": MAX_STEPS})
    branch = _branch(outline, parent, way)
    _check_depth(outline, branch, 1 if kind == StepKind.BRANCH else 0)
    step = Step(version=version, parent=branch, way=way, kind=kind, settings=first_settings(kind))
    if kind == StepKind.SEND:
        step.mail = new_mail(version.journey, len([one for one in outline.steps if one.kind == kind]) + 1)
    path = outline.path(branch, way)
    at = len(path) if place is None else max(0, min(place, len(path)))
    step.place = at
    step.save()
    _renumber([*path[:at], step, *path[at:]])
    return step


@action(permission="journeys.create")
def change_step(*, actor: Actor, record: Journey, key: str, values: Mapping[str, Any]) -> Step:
    """Sets name, settings, condition, tag, topic of a step; `words_of` takes over the words of another mail.

    Raises `JourneyNotEditable`, `Invalid` with `fields`, `NotFound`.
    """
    step = _own(editable(actor, record), key)
    if "name" in values:
        step.name = clean_line(values["name"], 120)
    if "settings" in values:
        step.settings = clean_settings(step.kind, values["settings"])
    if "condition" in values:
        step.condition = parse(values["condition"], ON, actor).tree
    if "tag" in values:
        step.tag = _tag(values["tag"])
    step.save()
    if step.kind == StepKind.SEND and {"name", "topic", "words_of"} & set(values):
        _change_mail(actor, step, values)
    return step


@action(permission="journeys.create")
def edit_mail(*, actor: Actor, record: Journey, key: str) -> Campaign:
    """The mail of a sending step, ready to be changed: a copy, once other versions have sent it. Raises `NotFound`."""
    step = _own(editable(actor, record), key)
    if step.kind != StepKind.SEND:
        raise NotFound
    return _own_mail(step)


@action(permission="journeys.create")
def move_step(*, actor: Actor, record: Journey, key: str, up: bool) -> Step:
    """One place up or down the outline as it is read: into the paths of a branch, and out of them again.

    At the very top or bottom nothing changes. Raises `Invalid` where branches would stand too deep.
    """
    version = editable(actor, record)
    step, outline = _own(version, key), Outline(version)
    parent, way, place = (_above if up else _below)(outline, outline.by_key[key])
    if place >= 0:
        _put(outline, step, parent, way, place)
    return step


@action(permission="journeys.create")
def place_step(*, actor: Actor, record: Journey, key: str, parent: str, way: str, place: int) -> Step:
    """The same to any place, as dragging does; `place` counts the path without the step itself.

    Raises `Invalid` for a place inside the step's own paths, or too deep.
    """
    version = editable(actor, record)
    step, outline = _own(version, key), Outline(version)
    branch = _branch(outline, parent, way)
    if branch is not None and branch in outline.below(outline.by_key[key]):
        raise Invalid(_("A branch cannot be moved into its own paths."))
    _put(outline, step, branch, way, max(0, place))
    return step


@action(permission="journeys.create")
def remove_step(*, actor: Actor, record: Journey, key: str) -> None:
    """Removes a step of the draft, and what hangs on it. People who wait there in another version go on in theirs."""
    version = editable(actor, record)
    outline = Outline(version)
    step = outline.by_key.get(key)
    if step is None:
        raise NotFound
    rest = [one for one in outline.path(outline.by_id.get(step.parent_id or 0), step.way) if one != step]
    mails = [one.mail_id for one in outline.below(step) if one.mail_id]
    step.delete()
    Campaign.objects.filter(pk__in=mails, journey_steps__isnull=True).delete()
    _renumber(rest)


def _own(version: JourneyVersion, key: str) -> Step:
    step = version.steps.select_related("mail", "version__journey").filter(key=key).first()
    if step is None:
        raise NotFound
    found: Step = step
    return found


def _branch(outline: Outline, parent: str, way: str) -> Step | None:
    """The branch of a place. Raises `Invalid` for a place that is none."""
    if not parent and way == Way.MAIN:
        return None
    step = outline.by_key.get(parent)
    if step is None or step.kind != StepKind.BRANCH or way not in {Way.YES, Way.NO}:
        raise Invalid(_("There is no such place in the journey. Reload it and look again."))
    return step


def _check_depth(outline: Outline, branch: Step | None, levels: int) -> None:
    depth = levels
    while branch is not None:
        depth, branch = depth + 1, outline.by_id.get(branch.parent_id or 0)
    if depth > MAX_DEPTH:
        raise Invalid(_("Branches may stand in each other %(count)s deep.") % {"count": MAX_DEPTH})


def _put(outline: Outline, step: Step, parent: Step | None, way: str, place: int) -> None:
    """Takes the step out of its path and puts it into another one."""
    own = outline.by_key[step.key]
    height = max(
        (len(_ancestors(outline, one)) for one in outline.below(own) if one.kind == StepKind.BRANCH), default=0
    )
    levels = height - len(_ancestors(outline, own)) + 1 if own.kind == StepKind.BRANCH else 0
    _check_depth(outline, parent, levels)
    left = [one for one in outline.path(outline.by_id.get(own.parent_id or 0), own.way) if one != own]
    same = (own.parent_id, own.way) == (parent.pk if parent else None, way)
    joined = left if same else outline.path(parent, way)
    step.parent, step.way = parent, way
    step.save(update_fields=["parent", "way"])
    if not same:
        _renumber(left)
    _renumber([*joined[:place], step, *joined[place:]])


def _ancestors(outline: Outline, step: Step) -> list[Step]:
    found = []
    while step.parent_id:
        step = outline.by_id[step.parent_id]
        found.append(step)
    return found


def _above(outline: Outline, step: Step) -> tuple[Step | None, str, int]:
    parent = outline.by_id.get(step.parent_id or 0)
    path = outline.path(parent, step.way)
    at = path.index(step)
    if at:
        before = path[at - 1]
        if before.kind == StepKind.BRANCH:
            return before, Way.NO, len(outline.path(before, Way.NO))
        return parent, step.way, at - 1
    if parent is None:
        return None, Way.MAIN, -1
    if step.way == Way.NO:
        return parent, Way.YES, len(outline.path(parent, Way.YES))
    outer = outline.by_id.get(parent.parent_id or 0)
    return outer, parent.way, outline.path(outer, parent.way).index(parent)


def _below(outline: Outline, step: Step) -> tuple[Step | None, str, int]:
    parent = outline.by_id.get(step.parent_id or 0)
    path = outline.path(parent, step.way)
    at = path.index(step)
    if at + 1 < len(path):
        following = path[at + 1]
        return (following, Way.YES, 0) if following.kind == StepKind.BRANCH else (parent, step.way, at + 1)
    if parent is None:
        return None, Way.MAIN, -1
    if step.way == Way.YES:
        return parent, Way.NO, 0
    outer = outline.by_id.get(parent.parent_id or 0)
    return outer, parent.way, outline.path(outer, parent.way).index(parent) + 1


def _renumber(path: Sequence[Step]) -> None:
    for place, step in enumerate(path):
        step.place = place
    Step.objects.bulk_update(path, ["place"])


def _tag(tag: Tag | None) -> Tag | None:
    if tag is not None and not tags_of_kind("customer").filter(pk=tag.pk).exists():
        raise Invalid(fields={"tag": _("Choose a tag of customers")})
    return tag


def _own_mail(step: Step) -> Campaign:
    mail = step.mail
    assert mail is not None
    if mail.is_editable:
        return mail
    copy = copy_mail(mail, step.version.journey)
    step.mail = copy
    step.save(update_fields=["mail"])
    return copy


def _change_mail(actor: Actor, step: Step, values: Mapping[str, Any]) -> None:
    """Topic, name and words of the mail follow the step's form, on a mail of the draft's own when they differ."""
    assert step.mail is not None
    topic: Topic | None = values.get("topic", step.mail.topic)
    name = f"{step.version.journey.name[:100]} · {step.name}" if step.name else step.mail.name
    source: Campaign | None = values.get("words_of")
    if (topic, name) == (step.mail.topic, step.mail.name) and source is None:
        return
    mail = _own_mail(step)
    mail.topic, mail.name = topic, name[:200]
    if source is not None:
        found = Campaign.objects.visible_to(actor).filter(pk=source.pk, kind__in=MAILS).first()
        if found is None:
            raise Invalid(fields={"words_of": _("Choose an email")})
        mail.subject, mail.content = found.subject, found.content
    mail.save()
