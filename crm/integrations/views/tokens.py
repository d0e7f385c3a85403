"""Pages of API tokens: one's own, and for those who manage integrations everybody's and the applications'."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from crm.core.errors import DomainError
from crm.core.sockets import permissions, settings_pages
from crm.ui.generic import cells
from crm.ui.generic.form_errors import show_error
from crm.ui.records import Field, Verb
from crm.ui.views.generic import ActionView, DetailView, ListView, StaffView

from .. import actions, forms
from ..lists import MANAGE, OWN, token_rights, token_state
from ..models import ApiToken


class TokenList(ListView):
    """GET /settings/api-tokens/."""

    permission = OWN
    page = "api_token"
    template_name = "integrations/list.html"

    def extra(self) -> dict[str, Any]:
        links = [(_("API description"), reverse("api:docs"), "api")]
        if self.actor.can(MANAGE):
            links.append((_("New application"), reverse("integrations:application_create"), "add"))
        return {"summary": settings_pages["api_tokens"].summary, "more_links": links}


class TokenDetail(DetailView):
    """What a token may, and when it was used."""

    permission = OWN
    model = ApiToken
    relations = ("user",)
    headline = (
        Field("state", _("State"), token_state),
        Field("user", _("Acts for"), cells.person("user")),
        Field("last_used_at", _("Last used"), cells.moment("last_used_at")),
        Field("expires_at", _("Valid until"), cells.moment("expires_at")),
    )
    fields = (
        Field("hint", _("Begins with")),
        Field("rights", _("May"), token_rights),
        Field("permissions", _("Narrowed to"), lambda row, viewer: ", ".join(_labels(row.permissions or ()))),
        Field("created_at", _("Created"), cells.moment("created_at")),
        Field("revoked_at", _("Revoked"), cells.moment("revoked_at")),
    )
    verbs = (
        Verb(_("Revoke"), "integrations:token_revoke", "off", OWN, danger=True, when=lambda row: row.state == "live"),
    )


class TokenRevoke(ActionView):
    permission = OWN
    model = ApiToken
    relations = ("user",)
    action = actions.revoke_token
    danger = True
    title, button = _("Revoke %(name)s?"), _("Revoke")
    text = _("Programs that use “%(name)s” are refused from this moment. It cannot be undone.")
    done = _("%(name)s is revoked.")


@method_decorator(never_cache, name="dispatch")
class TokenCreate(StaffView):
    """GET and POST /settings/api-tokens/new/: the answer shows the secret, this once."""

    permission = OWN

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(forms.TokenForm(actor=self.actor, initial={"user": request.GET.get("user", "")}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = forms.TokenForm(request.POST, actor=self.actor)
        if not form.is_valid():
            return self.page(form, 422)
        try:
            made = actions.make_token(actor=self.actor, **form.values())
        except DomainError as error:
            error.fields = {{"permissions": "may", "expires_at": "days"}.get(k, k): v for k, v in error.fields.items()}
            show_error(form, error)
            return self.page(form, error.status)
        context = {
            "secret": made.secret, "record": made.token, "title": _t("Your new token"),
            "next_url": reverse("integrations:token_detail", args=[made.token.pk]), "docs_url": reverse("api:docs"),
            "base_address": settings.BASE_URL,
        }  # fmt: skip
        return render(request, "integrations/secret.html", context)

    @property
    def back_url(self) -> str:
        return reverse("integrations:token_list")

    @property
    def back_label(self) -> Any:
        return _("API tokens")

    def page(self, form: Any, status: int = 200) -> HttpResponse:
        context = {"form": form, "view": self, "title": _t("New token"), "button": _t("Make token")}
        return render(self.request, "integrations/form.html", context, status=status)


class ApplicationCreate(StaffView):
    """GET and POST /settings/api-tokens/applications/new/."""

    permission = MANAGE

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(forms.ApplicationForm(actor=self.actor))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = forms.ApplicationForm(request.POST, actor=self.actor)
        if not form.is_valid():
            return self.page(form, 422)
        try:
            user = actions.add_application(actor=self.actor, **form.cleaned_data)
        except DomainError as error:
            show_error(form, error)
            return self.page(form, error.status)
        messages.success(request, _t("%(name)s is added. Make its first token.") % {"name": user.name})
        return redirect(f"{reverse('integrations:token_create')}?user={user.pk}")

    @property
    def back_url(self) -> str:
        return reverse("integrations:token_list")

    @property
    def back_label(self) -> Any:
        return _("API tokens")

    def page(self, form: Any, status: int = 200) -> HttpResponse:
        context = {"form": form, "view": self, "title": _t("New application"), "button": _t("Add")}
        return render(self.request, "integrations/form.html", context, status=status)


def _labels(names: Any) -> list[str]:
    return [str(permissions.label(name)) if name in permissions.names else name for name in names]
