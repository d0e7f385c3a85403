"""Writing and publishing a text: the editor with its source beside it, versions, review."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.errors import DomainError, NotFound
from crm.ui.generic.form_errors import show_error
from crm.ui.views.generic import ActionView, StaffView

from .. import actions, selectors
from ..exceptions import TextChanged
from ..forms import NoteForm, ScheduleForm, SendBackForm, TextForm
from ..models import ArticleText, Draft, Version
from .staff import WRITE, ArticleRecord, text_address


class TextPage(ArticleRecord):
    """The article of the address, and its text in the language of the address (None where none was begun)."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.language = str(kwargs["language"])

    def record(self) -> Any:
        if self.language not in dict(settings.LANGUAGES):
            raise Http404
        return super().record()

    @property
    def written(self) -> ArticleText | None:
        """The text, None where none was begun."""
        return self.object.text_in(self.language)  # type: ignore[attr-defined,no-any-return]

    def url_of(self, record: Any) -> str:
        return text_address(record, self.language)


class TextEdit(TextPage, StaffView):
    """Source left, text right. What is typed is kept as a draft of one's own; saving makes a version."""

    permission = WRITE

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.object = self.record()
        draft = Draft.objects.filter(article=self.object, language=self.language, user=request.user).first()
        text, source = self.written, self.object.source
        initial: dict[str, Any] = {
            "title": text.title if text else "", "body": text.body if text else "",
            "base": text.version if text else 0,
        }  # fmt: skip
        if draft is not None:
            initial |= {"title": draft.title, "body": draft.body, "base": draft.base}
        initial["source_version"] = source.version if source is not None else 0
        return self.page(TextForm(initial=initial), draft=draft)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.object = self.record()
        if "drop" in request.POST:
            actions.drop_draft(actor=self.actor, article=self.object, language=self.language)
            return redirect(request.path)
        form = TextForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        if "preview" in request.POST:
            return self.page(form, preview=selectors.rendered(self.actor, form.cleaned_data["body"]))
        values = form.cleaned_data
        try:
            actions.save_text(
                actor=self.actor, article=self.object, language=self.language, title=values["title"],
                body=values["body"], base=values["base"], note=values["note"],
                source_version=values["source_version"] if values["is_current"] else None,
            )  # fmt: skip
        except TextChanged as error:
            show_error(form, error)
            return self.page(form, status=409, theirs=self.written)
        except DomainError as error:
            show_error(form, error)
            return self.page(form, status=422)
        messages.success(request, _("Saved as a draft. Readers see it once it is published."))
        return redirect(text_address(self.object, self.language))

    def page(self, form: TextForm, status: int = 200, **context: Any) -> HttpResponse:
        source, text = self.object.source, self.written
        is_translation = self.language != self.object.language
        if not is_translation:
            del form.fields["is_current"]
        known = (
            Version.objects.filter(text=source, number=text.source_version or 0).first() if text and source else None
        )
        changes = None
        if is_translation and source is not None and known is not None and known.number < source.version:
            changes = selectors.difference(known, Version.objects.get(text=source, number=source.version))
        return render(
            self.request, "knowledge/text_edit.html",
            {
                "article": self.object, "record": self.object, "text": text, "form": form, "code": self.language,
                "language_name": dict(settings.LANGUAGES)[self.language],
                "source": source if is_translation else None, "changes": changes,
                "source_body": selectors.rendered(self.actor, source.body) if is_translation and source else None,
                "back": text_address(self.object, self.language), "view": self, **context,
            },
            status=status,
        )  # fmt: skip


class TextDraft(TextPage, StaffView):
    """Keeps what is being typed, every two seconds of rest."""

    permission = WRITE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.object = self.record()
        base = request.POST.get("base", "0")
        draft = actions.keep_draft(
            actor=self.actor, article=self.object, language=self.language, title=request.POST.get("title", ""),
            body=request.POST.get("body", ""), base=int(base) if base.isdecimal() and len(base) < 9 else 0,
        )  # fmt: skip
        return JsonResponse({"version": draft.pk})


class TextPreview(StaffView):
    """A piece of Markdown as readers would see it, as a fragment."""

    permission = WRITE
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        body = selectors.rendered(self.actor, request.POST.get("body", "")[:60_000])
        return render(request, "knowledge/partials/_preview.html", {"preview": body})


class TextVersions(TextPage, StaffView):
    """Every version, and what one changed: `?number=3` against `?against=2`, by default the one before."""

    permission = WRITE

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.object = self.record()
        if self.written is None:
            raise NotFound
        rows = list(self.written.versions.select_related("author").order_by("-number")[:100])
        by_number = {str(row.number): row for row in rows}
        new = by_number.get(request.GET.get("number", ""), rows[0])
        old = by_number.get(request.GET.get("against", str(new.number - 1)))
        return render(
            request, "knowledge/versions.html",
            {
                "article": self.object, "text": self.written, "code": self.language, "versions": rows, "new": new,
                "old": old, "lines": selectors.difference(old, new), "back": text_address(self.object, self.language),
            },
        )  # fmt: skip


class TextVerb(TextPage, ActionView):
    """A verb on one text. needs_version: the action is told which version the person looked at."""

    needs_version = False

    def perform(self, values: dict[str, Any]) -> Any:
        if self.written is None:
            raise NotFound
        if self.needs_version:
            sent = self.request.POST.get("version", "")
            values = {**values, "version": int(sent) if sent.isdecimal() and len(sent) < 9 else self.written.version}
        return self.verb()(actor=self.actor, article=self.object, language=self.language, **values)

    def answer(self) -> HttpResponse:
        return redirect(text_address(self.object, self.language))


class TextAskReview(TextVerb):
    permission = WRITE
    action = actions.ask_review
    form_class = NoteForm
    title = gettext_lazy("Ask for a review of “%(name)s”")
    button = gettext_lazy("Ask for a review")
    done = gettext_lazy("Reviewers are told.")


class TextApprove(TextVerb):
    permission = "knowledge.review"
    action = actions.approve_text
    needs_version = True
    title = gettext_lazy("Do you agree to “%(name)s”?")
    button = gettext_lazy("I agree")
    done = gettext_lazy("The author is told that you agree.")


class TextSendBack(TextVerb):
    permission = "knowledge.review"
    action = actions.send_back
    form_class = SendBackForm
    title = gettext_lazy("Send “%(name)s” back")
    button = gettext_lazy("Send back")
    done = gettext_lazy("The author is told what is missing.")


class TextPublish(TextVerb):
    permission = "knowledge.publish"
    action = actions.publish_text
    needs_version = True
    title = gettext_lazy("Publish “%(name)s”?")
    button = gettext_lazy("Publish")
    done = gettext_lazy("“%(name)s” is published.")


class TextSchedule(TextVerb):
    permission = "knowledge.publish"
    action = actions.schedule_text
    form_class = ScheduleForm
    needs_version = True
    title = gettext_lazy("When should “%(name)s” be published?")
    button = gettext_lazy("Plan")
    done = gettext_lazy("“%(name)s” is published at that time.")


class TextDropSchedule(TextVerb):
    permission = "knowledge.publish"
    action = actions.drop_schedule
    title = gettext_lazy("Drop the planned publication of “%(name)s”?")
    button = gettext_lazy("Drop it")
    done = gettext_lazy("“%(name)s” is not published by itself.")


class TextUnpublish(TextVerb):
    permission = "knowledge.publish"
    action = actions.unpublish_text
    title = gettext_lazy("Take “%(name)s” back?")
    button = gettext_lazy("Take back")
    done = gettext_lazy("Readers no longer find “%(name)s” in this language.")


class TextRestore(TextPage, StaffView):
    permission = WRITE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, version: int, **kwargs: Any) -> HttpResponse:
        self.object = self.record()
        if self.written is None:
            raise NotFound
        actions.restore_version(
            actor=self.actor, article=self.object, language=self.language, number=version, base=self.written.version
        )
        messages.success(request, _("Version %(number)s is the newest again, as a draft.") % {"number": version})
        return redirect(text_address(self.object, self.language))
