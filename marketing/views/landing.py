"""Landing pages for staff: list, page with its results, properties, editor with preview, verbs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.clickjacking import xframe_options_sameorigin

from crm.blocks.content import languages_missing
from crm.blocks.editing import BlockEditor
from crm.console.views.recycle_bin import ToRecycleBin
from crm.core import switches
from crm.core.errors import DomainError
from crm.ui.generic import cells as ready
from crm.ui.html import is_chinese
from crm.ui.qr import qr_code, qr_inline
from crm.ui.records import Field, Verb
from crm.ui.views.generic import ActionView, CreateView, DeleteView, DetailView, ListView, StaffView, UpdateView
from crm.ui.views.generic.base import RecordView
from sales.models import LeadSettings

from ..actions import landing as actions
from ..actions.bin import delete_page
from ..choices.landing import PageStatus
from ..forms.landing import LandingPageForm, NewLandingPageForm, form_block
from ..lists.landing import status_tone
from ..models import LandingPage
from ..selectors.landing import Results, results
from .copying import CopyView
from .landing_public import page_context, page_form

SEE, WRITE, PUBLISH, DELETE = "landing.view", "landing.create", "landing.publish", "landing.delete"
PERIODS = (7, 30, 90)
#: What a printed code adds to the address, so that its visits are told apart.
QR_MARKS = "?utm_source=qr&utm_medium=print"
_MEDIA = {"svg": "image/svg+xml", "png": "image/png"}


class LandingPageList(ListView):
    permission = SEE
    page = "landing_page"


class SubmissionList(ListView):
    """The forms that were sent, with the lead that each made or met."""

    permission = SEE
    page = "landing_submission"


class LandingRecord(RecordView):
    """The landing page of the address."""

    model = LandingPage
    relations = ("brand", "owner", "department", "campaign")


class LandingPageDetail(LandingRecord, DetailView):
    """Results first, then how the page is shared. `?days=` is the period."""

    permission = SEE
    template_name = "marketing/landing_detail.html"
    headline = (
        Field("status", gettext_lazy("Status"), ready.badge("get_status_display", status_tone)),
        Field("published_at", gettext_lazy("Published"), ready.moment("published_at")),
        Field("owner", gettext_lazy("Owner"), ready.person("owner")),
        Field("campaign", gettext_lazy("Campaign"), lambda row, viewer: row.campaign or "--"),
    )
    fields = (
        Field("title", gettext_lazy("Title"), lambda row, viewer: str(row.title)),
        Field("slug", gettext_lazy("Address"), "path"),
        Field("department", gettext_lazy("Department"), lambda row, viewer: row.department or "--"),
        Field("channels", gettext_lazy("Consent asked for"), lambda row, viewer: channel_words(row)),
        Field("updated_at", gettext_lazy("Updated"), ready.moment("updated_at", short=False)),
        Field("created_at", gettext_lazy("Created"), ready.moment("created_at", short=False)),
    )
    verbs = (
        Verb(gettext_lazy("Edit page"), "landingpages:page_edit", "edit", WRITE, primary=True,
             when=lambda row: row.status != PageStatus.ARCHIVED),
        Verb(gettext_lazy("Publish"), "landingpages:page_publish", "approve", PUBLISH,
             when=lambda row: row.status == PageStatus.DRAFT),
        Verb(gettext_lazy("Publish changes"), "landingpages:page_publish", "approve", PUBLISH,
             when=lambda row: row.has_changes),
        Verb(gettext_lazy("Properties"), "landingpages:page_update", "settings", WRITE),
        Verb(gettext_lazy("Copy"), "landingpages:page_duplicate", "copy", WRITE, post=True),
        Verb(gettext_lazy("Take back"), "landingpages:page_unpublish", "hide", PUBLISH,
             when=lambda row: row.is_published),
        Verb(gettext_lazy("Archive"), "landingpages:page_archive", "archive", PUBLISH,
             when=lambda row: row.status != PageStatus.ARCHIVED),
        Verb(gettext_lazy("Restore as a draft"), "landingpages:page_restore", "restore", PUBLISH, post=True,
             when=lambda row: row.status == PageStatus.ARCHIVED),
        Verb(gettext_lazy("Delete"), "landingpages:page_delete", "delete", DELETE, danger=True),
    )  # fmt: skip

    def extra(self) -> dict[str, Any]:
        asked = self.request.GET.get("days", "")
        days = int(asked) if asked in {str(period) for period in PERIODS} else 30
        page = self.object
        found = results(self.actor, page, days=days)
        return {
            "results": found, "days": days, "periods": PERIODS,
            "qr": qr_inline(page.address + QR_MARKS) if page.is_published else "", "has_form": has_form(page),
            "missing": missing_languages(page), "may_write": self.actor.can(WRITE),
            "submissions_url": f"{reverse('landingpages:submission_list')}?page={page.pk}", **day_chart(found),
        }  # fmt: skip


class LandingPageCreate(CreateView):
    permission = WRITE
    model = LandingPage
    form_class = NewLandingPageForm
    action = actions.create_page
    title = gettext_lazy("New landing page")
    button = gettext_lazy("Begin the page")

    def perform(self, values: dict[str, Any]) -> Any:
        return actions.create_page(actor=self.actor, values=values, content=first_content())

    def answer(self, record: Any) -> HttpResponse:
        messages.success(self.request, _("“%(name)s” is a draft now. Nobody else sees it yet.") % {"name": record})
        return redirect("landingpages:page_edit", pk=record.pk)


class LandingPageUpdate(LandingRecord, UpdateView):
    permission = WRITE
    form_class = LandingPageForm
    action = actions.update_page


class LandingPageEdit(LandingRecord, StaffView):
    """The blocks left, the page as it will be right. Every button of the editor works without JavaScript."""

    permission = WRITE

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.object = self.record()
        return self.page(BlockEditor(self.object.content, actions.place_of(self.object)))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.object = self.record()
        place = actions.place_of(self.object)
        editor = BlockEditor.sent(request.POST, request.FILES, place, actor=self.actor)
        if editor.command:
            return self.page(editor)
        if not editor.is_valid():
            return self.page(editor, status=422)
        try:
            row = actions.save_content(actor=self.actor, page=self.object, content=editor.content)
            if "publish" in request.POST:
                actions.publish_page(actor=self.actor, record=row)
        except DomainError as error:
            return self.page(editor, refusal=str(error), status=error.status)
        if "publish" in request.POST:
            messages.success(request, _("“%(name)s” is published.") % {"name": self.object})
            return redirect(self.object.get_absolute_url())
        messages.success(request, _("Saved. Visitors see it once it is published."))
        return redirect(request.path)

    def page(self, editor: BlockEditor, status: int = 200, refusal: str = "") -> HttpResponse:
        context = {
            "landing": self.object, "record": self.object, "editor": editor, "view": self, "refusal": refusal,
            "preview_url": reverse("landingpages:page_preview", args=[self.object.pk]),
            "languages": [(code, name) for code, name in settings.LANGUAGES if code in switches.languages()],
            "may_publish": self.actor.can(PUBLISH),
        }  # fmt: skip
        return render(self.request, "marketing/landing_editor.html", context, status=status)


@method_decorator(xframe_options_sameorigin, name="dispatch")
@method_decorator(csp_replace({"frame-ancestors": [SELF]}), name="dispatch")
class LandingPagePreview(LandingRecord, StaffView):
    """The page as visitors would see it: GET what is saved, POST what the editor holds now. Only we may frame it."""

    permission = SEE

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.object = self.record()
        return self.page(self.object.content)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.actor.require(WRITE)
        self.object = self.record()
        return self.page(BlockEditor.seen(request.POST, actions.place_of(self.object)))

    def page(self, content: dict[str, Any]) -> HttpResponse:
        asked = self.request.GET.get("lang", "")
        language = asked if asked in switches.languages() else self.request.ui.language  # type: ignore[attr-defined]
        with translation.override(language):
            form = page_form(self.object, content, LeadSettings.objects.get(brand=self.object.brand), language)
            guards = {"form": form, "is_preview": True, "is_open": True}
            context = page_context(self.object, content, language, guards)
            shown = {"preview_lang": "zh-Hans" if language.startswith("zh") else "en", **context}
            return render(self.request, "marketing/landing_preview.html", shown)


class LandingPageQr(LandingRecord, StaffView):
    """The address of a page as a picture to print."""

    permission = SEE

    def get(self, request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
        page = self.record()
        if kind not in _MEDIA:
            raise Http404
        response = HttpResponse(qr_code(page.address + QR_MARKS, kind), content_type=_MEDIA[kind])
        response["Content-Disposition"] = f'attachment; filename="{page.slug}.{kind}"'
        return response


class LandingPagePublish(LandingRecord, ActionView):
    permission = PUBLISH
    action = actions.publish_page
    title = gettext_lazy("Publish “%(name)s”?")
    text = gettext_lazy("Everybody who has the address sees the page as it is now.")
    button = gettext_lazy("Publish")
    done = gettext_lazy("“%(name)s” is published.")


class LandingPageUnpublish(LandingRecord, ActionView):
    permission = PUBLISH
    action = actions.unpublish_page
    title = gettext_lazy("Take “%(name)s” back?")
    text = gettext_lazy("Its address answers no more until you publish it again. Its results stay.")
    button = gettext_lazy("Take back")
    done = gettext_lazy("“%(name)s” is a draft again.")


class LandingPageArchive(LandingRecord, ActionView):
    permission = PUBLISH
    action = actions.archive_page
    title = gettext_lazy("Archive “%(name)s”?")
    text = gettext_lazy("Its address answers no more. Its results and leads stay.")
    button = gettext_lazy("Archive")
    done = gettext_lazy("“%(name)s” is archived.")


class LandingPageRestore(LandingRecord, ActionView):
    permission = PUBLISH
    action = actions.restore_page
    title = gettext_lazy("Restore “%(name)s” as a draft?")
    button = gettext_lazy("Restore")
    done = gettext_lazy("“%(name)s” is a draft again.")


class LandingPageDelete(LandingRecord, ToRecycleBin, DeleteView):
    permission = DELETE
    action = delete_page


class LandingPageDuplicate(LandingRecord, CopyView):
    permission = WRITE
    action = actions.duplicate_page


def has_form(page: LandingPage) -> bool:
    return form_block(page.content) is not None


def missing_languages(page: LandingPage) -> list[str]:
    """Names of the languages in which something is not written."""
    missing = languages_missing(page.content, list(switches.languages()))
    return [name for code, name in settings.LANGUAGES if code in missing]


def day_chart(found: Results) -> dict[str, Any]:
    """Visits and forms by day, with the table that says the same."""
    labels = [_short(dt.date.fromisoformat(row.key)) for row in found.days]
    visits, sent = [row.visits for row in found.days], [row.submissions for row in found.days]
    head = [_("Day"), pgettext("web page", "Visits"), _("Forms sent")]
    return {
        "chart": {
            "kind": "bar", "labels": labels,
            "series": [{"name": head[1], "values": visits, "tone": "muted"}, {"name": head[2], "values": sent}],
        },
        "chart_head": head, "chart_rows": [list(row) for row in zip(labels, visits, sent, strict=True)],
        "chart_subtitle": _("Days of the company; without robots and staff"),
    }  # fmt: skip


def _short(day: dt.date) -> str:
    """A day of an axis: "5 Nov", "11-05"."""
    return day.strftime("%m-%d") if is_chinese() else date_format(day, "j M")


def channel_words(page: LandingPage) -> str:
    """The kinds of advertising that the form asks consent for."""
    from ..models.landing import CHANNELS

    return ", ".join(str(label) for key, label in CHANNELS if key in page.channels) or "--"


def first_content() -> dict[str, Any]:
    """What a new page starts with: a title, a text, a form, in both languages, ready to be written over."""
    texts = {
        "heading": {"text": {"en": "What we do for you", "zh-hans": "我们能为您做什么"}, "level": "title"},
        "text": {
            "text": {"en": "Say in two sentences whom it helps and how.", "zh-hans": "用两句话说明它能帮到谁、怎么帮。"}
        },
        "form": {
            "title": {"en": "Talk to us", "zh-hans": "联系我们"}, "company": "optional", "job_title": "no",
            "phone": "optional", "message": "optional", "custom": [],
        },
    }  # fmt: skip
    blocks = [{"id": f"start{n}", "type": key, "values": values} for n, (key, values) in enumerate(texts.items(), 1)]
    return {"v": 1, "blocks": blocks}
