"""Pages of webhooks and of what they were told."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from crm.accounts.access import covers
from crm.conditions.sentences import sentence
from crm.core.errors import DomainError
from crm.core.sockets import activity_types, kinds, settings_pages
from crm.ui.generic import cells
from crm.ui.generic.form_errors import show_error
from crm.ui.lists import Viewer
from crm.ui.records import Field, Verb
from crm.ui.views.generic import ActionView, DeleteView, DetailView, ListView, RecordView

from .. import actions, forms
from ..choices import DeliveryState
from ..lists import MANAGE, delivery_tone, webhook_state
from ..models import Webhook, WebhookDelivery
from ..webhooks.delivering import deliver

#: Deliveries shown on a webhook's page.
LATEST = 15


class WebhookList(ListView):
    """GET /settings/webhooks/."""

    permission = MANAGE
    page = "webhook"
    template_name = "integrations/list.html"

    def extra(self) -> dict[str, Any]:
        links = [(_("Deliveries"), reverse("integrations:delivery_list"), "send")]
        return {"summary": settings_pages["webhooks"].summary, "more_links": links}


def _condition(row: Webhook, viewer: Viewer) -> Any:
    if not row.condition or row.condition_on not in kinds:
        return ""
    said = sentence(row.condition, on=row.condition_on, viewer=viewer.actor)
    return _t("%(kind)s: %(condition)s") % {"kind": kinds[row.condition_on].label_plural, "condition": said}


def _events(row: Webhook, viewer: Viewer) -> str:
    return ", ".join(str(activity_types[key].label) if key in activity_types else key for key in row.types)


class WebhookDetail(DetailView):
    """Where it leads, whether it works, and the latest deliveries."""

    permission = MANAGE
    model = Webhook
    relations = ("owner",)
    template_name = "integrations/webhook_detail.html"
    headline = (
        Field("state", _("State"), webhook_state),
        Field("pause_reason", _("Why it is off"), "get_pause_reason_display"),
        Field("last_success_at", _("Last delivered"), cells.moment("last_success_at")),
        Field("failing_since", _("Failing since"), cells.moment("failing_since")),
    )
    fields = (
        Field("url", _("Address")),
        Field("owner", _("Owner"), cells.person("owner")),
        Field("types", _("Events"), _events),
        Field("condition", _("Only when"), _condition),
        Field("created_at", _("Created"), cells.moment("created_at")),
    )
    verbs = (
        Verb(_("Send a test"), "integrations:webhook_test", "send", MANAGE, post=True, when=lambda row: row.is_active),
        Verb(_("Edit"), "integrations:webhook_update", "edit", MANAGE, primary=True),
        Verb(_("New secret"), "integrations:webhook_secret", "key", MANAGE),
        Verb(_("Delete"), "integrations:webhook_delete", "delete", MANAGE, danger=True),
    )

    def extra(self) -> dict[str, Any]:
        rows = WebhookDelivery.objects.visible_to(self.actor).filter(webhook=self.object)
        latest = list(rows.defer("body", "answer", "log").order_by("-created_at", "-pk")[:LATEST])
        return {
            "deliveries": [(row, delivery_tone(row)) for row in latest],
            "all_url": f"{reverse('integrations:delivery_list')}?webhook={self.object.pk}",
        }


@method_decorator(never_cache, name="dispatch")
class WebhookForm(RecordView):
    """Making and changing share a page; `?on=` says for which kind of record the condition is edited."""

    permission = MANAGE
    model = Webhook
    object: Webhook | None = None

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(self.form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form, 422)
        try:
            return self.save(form.values())
        except DomainError as error:
            show_error(form, error)
            return self.page(form, error.status)

    def save(self, values: dict[str, Any]) -> HttpResponse:
        raise NotImplementedError

    def form(self, data: Any = None) -> forms.WebhookForm:
        known = dict(forms.condition_kinds())
        asked = self.request.GET.get("on", "")
        on = asked if asked in known else (self.object.condition_on if self.object else "")
        given = {"instance": Webhook.objects.get(pk=self.object.pk)} if self.object else {}
        return forms.WebhookForm(data, actor=self.actor, on=on if on in known else "", **given)

    def page(self, form: Any, status: int = 200) -> HttpResponse:
        others = [(key, label) for key, label in forms.condition_kinds() if key != form.on]
        title = _t("Edit %(name)s") % {"name": self.object} if self.object else _t("New webhook")
        context = {"form": form, "view": self, "title": title, "button": _t("Save"), "others": others}
        return render(self.request, "integrations/webhook_form.html", context, status=status)

    def secret_page(self, made: Any) -> HttpResponse:
        """The secret, this once."""
        context = {
            "secret": made.secret, "record": made.webhook, "title": _t("The secret of the webhook"),
            "next_url": reverse("integrations:webhook_detail", args=[made.webhook.pk]), "is_webhook": True,
        }  # fmt: skip
        return render(self.request, "integrations/secret.html", context)


class WebhookCreate(WebhookForm):
    """GET and POST /settings/webhooks/new/."""

    def save(self, values: dict[str, Any]) -> HttpResponse:
        return self.secret_page(actions.create_webhook(actor=self.actor, values=values))


class WebhookUpdate(WebhookForm):
    """GET and POST /settings/webhooks/<pk>/edit/."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and self.actor.can(MANAGE):
            self.object = self.record()
        return super().dispatch(request, *args, **kwargs)

    def save(self, values: dict[str, Any]) -> HttpResponse:
        webhook = actions.update_webhook(actor=self.actor, record=self.object, values=values)  # type: ignore[arg-type]
        messages.success(self.request, _t("%(name)s is saved.") % {"name": webhook})
        return redirect("integrations:webhook_detail", webhook.pk)


@method_decorator(never_cache, name="dispatch")
class WebhookSecret(ActionView):
    """GET asks, POST makes a new secret and shows it."""

    permission = MANAGE
    model = Webhook
    title, button = _("Make a new secret for %(name)s?"), _("Make a new secret")
    text = _("The other system refuses what comes until it knows the new secret.")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        made = actions.change_secret(actor=self.actor, record=self.record())
        return WebhookForm.secret_page(self, made)  # type: ignore[arg-type]


class WebhookTest(RecordView):
    """POST: sends a test at once and says how it went."""

    permission = MANAGE
    model = Webhook
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        delivery = actions.make_test(actor=self.actor, record=self.record())
        if deliver(delivery.pk):
            messages.success(request, _t("The address took the test."))
        else:
            delivery.refresh_from_db()
            said = delivery.error or _t("it answered %(status)s") % {"status": delivery.status}
            messages.error(request, _t("The test did not arrive: %(reason)s") % {"reason": said})
        return redirect("integrations:webhook_detail", pk)


class WebhookDelete(DeleteView):
    permission = MANAGE
    model = Webhook
    action = actions.delete_webhook


class DeliveryList(ListView):
    """GET /settings/webhooks/deliveries/."""

    permission = MANAGE
    page = "webhook_delivery"
    template_name = "integrations/list.html"

    def extra(self) -> dict[str, Any]:
        links = [(_("Webhooks"), reverse("integrations:webhook_list"), "webhook")]
        return {"summary": settings_pages["webhook_deliveries"].summary, "more_links": links}


class DeliveryDetail(DetailView):
    """What was sent, for who may see as much as the webhook's owner, what came back, and every try."""

    permission = MANAGE
    model = WebhookDelivery
    relations = ("webhook__owner",)
    template_name = "integrations/delivery_detail.html"
    headline = (
        Field("state", _("State"), cells.badge("get_state_display", delivery_tone)),
        Field("status", _("Answer")),
        Field("duration_ms", _("Took (ms)"), cells.number("duration_ms")),
        Field("next_at", _("Next try"), cells.moment("next_at")),
    )
    fields = (
        Field("webhook", _("Webhook"), "webhook.name"),
        Field("event_id", _("Id")),
        Field("attempts", _("Tries"), cells.number("attempts")),
        Field("created_at", _("Made"), cells.moment("created_at")),
        Field("delivered_at", _("Delivered"), cells.moment("delivered_at")),
        Field("error", _("Error")),
    )
    verbs = (
        Verb(
            _("Send again"), "integrations:delivery_again", "refresh", MANAGE, post=True, primary=True,
            when=lambda row: row.state in {DeliveryState.DELIVERED, DeliveryState.DEAD},
        ),
    )  # fmt: skip

    def extra(self) -> dict[str, Any]:
        text, may = self.object.body, covers(self.actor, self.object.webhook.owner)
        return {"body": json.dumps(json.loads(text), ensure_ascii=False, indent=2) if text and may else "", "may": may}


class DeliveryAgain(RecordView):
    """POST: puts a delivery back in line."""

    permission = MANAGE
    model = WebhookDelivery
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        actions.send_again(actor=self.actor, record=self.record())
        messages.success(request, _t("It is on its way again."))
        return redirect("integrations:delivery_detail", pk)
