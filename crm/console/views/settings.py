"""/settings/: the index with its search, the brand, the mail texts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.core.errors import DomainError
from crm.core.models import Brand
from crm.messaging.actions import save_template
from crm.messaging.declarations import mail_templates
from crm.messaging.models import MailTemplate
from crm.ui.generic.form_errors import show_error
from crm.ui.views.generic import RecordView, StaffView, UpdateView

from ..actions.brand import update_brand
from ..forms.settings import BrandForm, MailTextForm
from ..selectors.mail_preview import in_words, preview
from ..selectors.settings import sections
from .intro import intro


class SettingsView(StaffView):
    """GET /settings/?q=: every page this reader may open, by section; the search knows both languages and pinyin."""

    permission = "console.view_settings"

    def get(self, request: HttpRequest) -> HttpResponse:
        query = request.GET.get("q", "").strip()[:100]
        found = sections(self.actor, query)
        template = "console/partials/_settings_index.html" if self.is_fragment else "console/settings.html"
        return render(request, template, {"sections": found, "query": query})


class BrandUpdateView(UpdateView):
    """GET and POST /settings/brand/: the default brand."""

    permission = "console.manage_brand"
    model = Brand
    form_class = BrandForm
    action = update_brand
    title = _("Brand")
    template_name = "console/form.html"

    def record(self) -> Any:
        return Brand.objects.visible_to(self.actor).get(is_default=True)

    def url_of(self, record: Any) -> str:
        return reverse("console:brand_update")

    def extra(self) -> dict[str, Any]:
        return intro("brand")


class MailTextListView(StaffView):
    """GET /settings/mail-texts/: every declared mail."""

    permission = "messaging.manage_templates"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = {row.key: row for row in MailTemplate.objects.visible_to(self.actor)}
        texts = [
            (declared, rows[declared.key], in_words(declared, rows[declared.key].subject))
            for declared in mail_templates.in_use()
            if declared.key in rows
        ]
        return render(request, "console/mail_texts.html", {"texts": texts, **intro("mail_texts")})


class MailTextUpdateView(RecordView):
    """GET and POST /settings/mail-texts/<key>/; `preview` in the POST shows both languages and saves nothing."""

    permission = "messaging.manage_templates"
    model = MailTemplate
    lookup = "key"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        row = self.record()
        initial = {"subject": row.subject, "body": row.body, "sms": row.sms}
        return self.page(row, MailTextForm(initial=initial, declared=mail_templates[row.key]), initial)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        row = self.record()
        form = MailTextForm(request.POST, declared=mail_templates[row.key])
        if not form.is_valid():
            return self.page(row, form, None, status=422)
        if "preview" in request.POST:
            return self.page(row, form, form.cleaned_data)
        try:
            save_template(actor=self.actor, template=row, **form.cleaned_data)
        except DomainError as error:
            show_error(form, error)
            return self.page(row, form, None, status=error.status)
        messages.success(request, _t("The text is saved. Mails from now on use it."))
        return redirect("console:mail_text_list")

    def page(
        self, row: MailTemplate, form: MailTextForm, wording: dict[str, Any] | None, status: int = 200
    ) -> HttpResponse:
        declared = mail_templates[row.key]
        context = {"form": form, "declared": declared, "previews": preview(declared, wording) if wording else []}
        return render(self.request, "console/mail_text.html", context, status=status)
