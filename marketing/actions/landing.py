"""Landing pages: preparing, publishing, counting visits, and what a sent form becomes."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.activity.recording import record as note
from crm.blocks.content import blocks_in, check_content
from crm.blocks.pictures import Shelf
from crm.blocks.values import Place
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.models import Brand
from crm.core.text import clean_line
from crm.core.translated import Translated, in_all_languages
from crm.files.actions import copy_attachments
from customers.actions import record_consent
from customers.choices import ConsentChannel
from sales.actions.capture import UTM, capture_lead
from sales.choices.leads import LeadSource
from sales.models import Lead

from ..choices.landing import PageStatus
from ..exceptions import WrongPageState
from ..models import LandingDay, LandingPage, LandingSubmission
from ..models.landing import CHANNELS
from .copying import copy_name

#: What a person may set; anything else in `values` raises `Invalid`.
EDITABLE = (
    "name", "slug", "title", "description", "is_listed", "thanks", "channels", "advertising", "owner", "department",
    "campaign",
)  # fmt: skip
#: Sources of one page and day that are counted by name; the rest count together.
MOST_SOURCES, OTHER = 40, "other"
_SLUG = re.compile(r"[a-z0-9_-]{1,60}")
#: Whose words a page may fill in: nothing is known of a visitor.
ROOTS = ("brand",)


def place_of(page: LandingPage) -> Place:
    """Where the blocks of a landing page stand."""
    return Place("page", Shelf("landing_page", page.pk), ROOTS)


@action(permission="landing.create")
def create_page(*, actor: Actor, values: Mapping[str, Any], content: Mapping[str, Any] | None = None) -> LandingPage:
    """Begins a draft, its author's own unless the values name an owner. Raises `Invalid`."""
    user = User.objects.filter(pk=actor.user_id).first()
    mine = {"owner": user, "department": user.department if user is not None else None}
    page = LandingPage(brand=Brand.default(), **{**mine, **_checked(values)})
    _save_new(page)
    if content is not None:
        page.content = check_content(content, place_of(page))
        page.save(update_fields=["content"])
    _note(actor, page, "created")
    return page


@action(permission="landing.create")
def update_page(*, actor: Actor, record: LandingPage, values: Mapping[str, Any]) -> LandingPage:
    """Sets the given properties, visible at once. Other words of consent get a new version. Raises `Invalid`."""
    page = _locked(actor, record)
    changed = {name: value for name, value in _checked(values).items() if getattr(page, name) != value}
    if not changed:
        return page
    for name, value in changed.items():
        setattr(page, name, value)
    if "advertising" in changed:
        page.advertising_version += 1
    _save_new(page)
    words = [in_all_languages(LandingPage._meta.get_field(name).verbose_name) for name in changed]  # type: ignore[union-attr]
    fields = Translated({code: ", ".join(word[code] for word in words) for code in words[0]})
    _note(actor, page, "updated", fields=fields)
    return page


@action(permission="landing.create")
def save_content(*, actor: Actor, page: LandingPage, content: Mapping[str, Any]) -> LandingPage:
    """Keeps the blocks as they are edited; visitors see them after the next publication. Raises `Invalid`."""
    row = _locked(actor, page)
    checked = check_content(content, place_of(row))
    if sum(entry.key == "form" for _id, entry, _values in blocks_in(checked)) > 1:
        raise Invalid(_("A page holds one form. Remove the other one."))
    if checked != row.content:
        row.content = checked
        row.save(update_fields=["content"])
        _note(actor, row, "edited")
    return row


@action(permission="landing.publish")
def publish_page(*, actor: Actor, record: LandingPage) -> LandingPage:
    """Shows visitors the page as it is now, again after further edits. Raises `Invalid`, `WrongPageState`."""
    page = _in_state(actor, record, PageStatus.DRAFT, PageStatus.PUBLISHED)
    if not page.content["blocks"]:
        raise Invalid(_("The page is empty. Add a heading and a form first."))
    if page.is_published and not page.has_changes:
        return page
    try:
        page.live_content = check_content(page.content, place_of(page))
    except Invalid as error:
        what = " ".join(str(sentence) for sentence in error.fields.values())
        raise Invalid(
            _("A block is no longer right: %(what)s Edit the page, put it right and save it.") % {"what": what}
        ) from None
    page.status, page.published_at = PageStatus.PUBLISHED, clock.now()
    page.save(update_fields=["live_content", "status", "published_at"])
    _note(actor, page, "published")
    return page


@action(permission="landing.publish")
def unpublish_page(*, actor: Actor, record: LandingPage) -> LandingPage:
    """Takes a page back: its address answers no more until it is published again. Raises `WrongPageState`."""
    page = _in_state(actor, record, PageStatus.PUBLISHED)
    page.status = PageStatus.DRAFT
    page.save(update_fields=["status"])
    _note(actor, page, "unpublished")
    return page


@action(permission="landing.publish")
def archive_page(*, actor: Actor, record: LandingPage) -> LandingPage:
    """Puts a page away with its results. Raises `WrongPageState` when that was done."""
    page = _in_state(actor, record, PageStatus.DRAFT, PageStatus.PUBLISHED)
    page.status = PageStatus.ARCHIVED
    page.save(update_fields=["status"])
    _note(actor, page, "archived")
    return page


@action(permission="landing.publish")
def restore_page(*, actor: Actor, record: LandingPage) -> LandingPage:
    """Makes an archived page a draft again. Raises `WrongPageState`."""
    page = _in_state(actor, record, PageStatus.ARCHIVED)
    page.status = PageStatus.DRAFT
    page.save(update_fields=["status"])
    _note(actor, page, "restored")
    return page


@action(permission="landing.create")
def duplicate_page(*, actor: Actor, record: LandingPage) -> LandingPage:
    """A draft with the same words, blocks and pictures, under an address of its own."""
    page = _locked(actor, record)
    names = ("title", "description", "is_listed", "thanks", "channels", "advertising", "campaign")
    values = {name: getattr(page, name) for name in names}
    copy = create_page(actor=actor, values={**values, "name": copy_name(page), "slug": _free_slug(page)})
    moved = copy_attachments(actor=actor, kind="landing_page", source_id=page.pk, target_id=copy.pk)
    copy.content = _with_pictures(page.content, moved)
    copy.save(update_fields=["content"])
    return copy


@action()
def count_visit(*, actor: Actor, page: LandingPage, source: str = "", is_machine: bool = False) -> None:
    """Adds one to the day's count of that source. Beyond `MOST_SOURCES` a day, sources count together."""
    slot: dict[str, Any] = {
        "page": page, "day": company_day(page.brand), "source": clean_line(source, 60), "is_machine": is_machine,
    }  # fmt: skip
    if LandingDay.objects.filter(**slot).update(visits=F("visits") + 1):
        return
    if slot["source"] and LandingDay.objects.filter(page=page, day=slot["day"]).count() >= MOST_SOURCES:
        slot["source"] = OTHER
    LandingDay.objects.bulk_create([LandingDay(**slot)], ignore_conflicts=True)
    LandingDay.objects.filter(**slot).update(visits=F("visits") + 1)


@action()
def submit_page(
    *,
    actor: Actor,
    page: LandingPage,
    form_key: str,
    values: Mapping[str, Any],
    language: str,
    channels: Sequence[str] = (),
    utm: Mapping[str, str] | None = None,
    source: str = "",
) -> LandingSubmission:
    """A sent form becomes a lead, or a sign of interest on the one that is known, as `capture_lead` says.

    channels: the kinds of advertising that were agreed to, kept with the words that stood there. The same form_key
    gives the first answer again. Raises `WrongPageState` when the page was taken back meanwhile, and as `capture_lead`.
    """
    if not LandingPage.objects.public().filter(pk=page.pk).exists():
        raise WrongPageState
    marks = {name: clean_line(text, 120) for name, text in (utm or {}).items() if name in UTM and text}
    campaign = {"campaign": clean_line(page.campaign.name, 120)} if page.campaign is not None else {}
    lead = capture_lead(
        actor=actor, brand=page.brand, form_key=form_key, values={**values, **campaign, "language": language},
        utm=utm, source=LeadSource.LANDING_PAGE,
    )  # fmt: skip
    earlier = LandingSubmission.objects.filter(form_key=form_key).first()
    if earlier is not None:
        return earlier
    agreed = [key for key, _label in CHANNELS if key in channels and key in page.channels]
    sent = LandingSubmission.objects.create(
        page=page, lead=lead, form_key=form_key, day=company_day(page.brand), source=clean_line(source, 60),
        utm={"v": 1, **marks} if marks else {}, language=language,
        is_new_lead=_is_new(lead),
        consents={"v": 1, **{key: page.advertising.in_language(language) for key in agreed}} if agreed else {},
        consent_version=page.advertising_version if agreed else 0,
    )  # fmt: skip
    note(
        actor=actor, type="landing.submitted", subject=page, anchors=[lead],
        data={"name": page.name, "lead": lead.name, "number": lead.number},
    )  # fmt: skip
    return sent


@action()
def carry_consents(*, actor: Actor, lead_id: int) -> int:
    """What a converted lead agreed to on landing pages becomes the person's consent, each once. Returns how many."""
    lead = Lead.all_objects.select_related("converted_contact").get(pk=lead_id)
    rows = LandingSubmission.objects.filter(lead=lead, carried_at__isnull=True).exclude(consents={})
    person, done = lead.converted_contact, 0
    if person is None:
        return 0
    for row in rows.lock():
        for channel, text in row.consents.items():
            if channel != "v":
                record_consent(
                    actor=actor, contact=person, channel=ConsentChannel(channel), granted=True, text=text,
                    version=row.consent_version, language=row.language,
                )  # fmt: skip
                done += 1
        row.carried_at = clock.now()
        row.save(update_fields=["carried_at"])
    return done


def _is_new(lead: Lead) -> bool:
    """Whether the form that was just captured made the lead, and did not meet it."""
    is_ours = lead.source == LeadSource.LANDING_PAGE and lead.events.count() == 1
    return is_ours and not LandingSubmission.objects.filter(lead=lead).exists()


def company_day(brand: Brand) -> dt.date:
    """Which day it is for the company."""
    return clock.now().astimezone(zoneinfo.ZoneInfo(brand.timezone)).date()


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(values) - set(EDITABLE)
    if unknown:
        raise Invalid(fields={name: _("This field cannot be set") for name in unknown})
    found = dict(values)
    if "name" in found:
        found["name"] = clean_line(found["name"] or "", 200)
        if not found["name"]:
            raise Invalid(fields={"name": _("Enter a name")})
    if "slug" in found and not _SLUG.fullmatch(found["slug"] or ""):
        raise Invalid(fields={"slug": _("Use small letters, digits and hyphens, at most 60")})
    if "channels" in found and set(found["channels"]) - {key for key, _label in CHANNELS}:
        raise Invalid(fields={"channels": _("Choose one of the values")})
    return found


def _save_new(page: LandingPage) -> None:
    """Saves under an address that no other page has. Raises `Invalid`."""
    try:
        with transaction.atomic():
            page.save()
    except IntegrityError:
        raise Invalid(fields={"slug": _("Another landing page has this address. Choose another.")}) from None


def _free_slug(page: LandingPage) -> str:
    taken = set(LandingPage.objects.filter(brand=page.brand).values_list("slug", flat=True))
    stem = page.slug[:50]
    return next(slug for number in range(2, 10_000) if (slug := f"{stem}-{number}") not in taken)


def _with_pictures(content: Mapping[str, Any], moved: Mapping[str, str]) -> dict[str, Any]:
    """The content with each picture replaced by its copy."""
    blocks = [
        {**block, "values": {
            key: moved.get(value, value) if isinstance(value, str) else value for key, value in block["values"].items()
        }}
        for block in content["blocks"]
    ]  # fmt: skip
    return {**content, "blocks": blocks}


def _locked(actor: Actor, page: LandingPage) -> LandingPage:
    row: LandingPage = LandingPage.objects.lock().fetch(actor, pk=page.pk)
    return row


def _in_state(actor: Actor, page: LandingPage, *states: PageStatus) -> LandingPage:
    row = _locked(actor, page)
    if row.status not in states:
        raise WrongPageState
    return row


def _note(actor: Actor, page: LandingPage, deed: str, **data: Any) -> None:
    note(actor=actor, type=f"landing.{deed}", subject=page, data={"name": page.name, **data})
