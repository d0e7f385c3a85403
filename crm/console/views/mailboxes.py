"""Mailboxes, and the mail that came in: what waits, why, and the decision on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.core.errors import DomainError
from crm.messaging.actions import inbound as verbs
from crm.messaging.actions import mailboxes
from crm.messaging.choices import Decision, InboundState
from crm.messaging.inbound import handling, imap
from crm.messaging.inbound.preview import preview
from crm.messaging.inbound.raw import raw_file_of
from crm.messaging.inbound.registry import inbound_handlers
from crm.messaging.models import InboundMail, Mailbox
from crm.ui.generic import cells
from crm.ui.records import Field, Verb
from crm.ui.redirects import own_address
from crm.ui.views.generic import ActionView, CreateView, DetailView, ListView, RecordView, UpdateView

from ..forms.mailboxes import AddToForm, MailboxForm
from ..lists.mail import INBOUND_TONES
from .intro import intro

MANAGE, HANDLE = "messaging.manage_mailboxes", "messaging.handle_mail"


class MailboxListView(ListView):
    """GET /settings/mailboxes/."""

    permission = MANAGE
    page = "mailbox"
    template_name = "console/list.html"

    def extra(self) -> dict[str, Any]:
        return intro("mailboxes")


class MailboxDetailView(DetailView):
    """One mailbox: whether it is fetched, and what was wrong the last time."""

    permission = MANAGE
    model = Mailbox
    relations = ("brand",)
    headline = (
        Field("address", _("Address")),
        Field("is_active", _("Active"), cells.yes_no("is_active")),
        Field("last_fetch_at", _("Last fetched"), cells.moment("last_fetch_at")),
        Field("last_error", _("Last error")),
    )
    fields = (
        Field("brand", _("Brand")),
        Field("host", _("IMAP server")),
        Field("port", _("Port")),
        Field("security", _("Protection"), "get_security_display"),
        Field("username", _("User name")),
        Field("folder", _("Folder")),
        Field("deletes", _("Delete fetched mail from the server"), cells.yes_no("deletes")),
        Field("has_reply_addresses", _("Signed reply addresses"), cells.yes_no("has_reply_addresses")),
    )
    verbs = (
        Verb(
            _("Test connection"), "console:mailbox_test", "channel", MANAGE, post=True, when=lambda box: bool(box.host)
        ),
        Verb(_("Edit"), "console:mailbox_update", "edit", MANAGE, primary=True),
    )


class _HandlerSettings:
    """The questions of the handlers are kept together as the mailbox's `handler_settings`."""

    object: Any = None

    def gathered(self, values: dict[str, Any]) -> dict[str, Any]:
        """The form's values with the handlers' answers in their place."""
        names = {name for entry in inbound_handlers for name in entry.settings_fields()}
        answers = {name: values.pop(name) for name in names & values.keys()}
        if answers:
            present = self.object.handler_settings if self.object is not None else {}
            values["handler_settings"] = {"v": 1, **present, **answers}
        return values


class MailboxCreateView(_HandlerSettings, CreateView):
    permission = MANAGE
    model = Mailbox
    form_class = MailboxForm
    action = mailboxes.create_mailbox
    title = _("New mailbox")

    def perform(self, values: dict[str, Any]) -> Any:
        return super().perform(self.gathered(values))


class MailboxUpdateView(_HandlerSettings, UpdateView):
    permission = MANAGE
    model = Mailbox
    form_class = MailboxForm
    action = mailboxes.update_mailbox

    def perform(self, values: dict[str, Any]) -> Any:
        return super().perform(self.gathered(values))


class MailboxTestView(RecordView):
    """POST /settings/mailboxes/<pk>/test/: signs in and opens the folder; nothing is fetched."""

    permission = MANAGE
    model = Mailbox
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        mailbox = self.record()
        try:
            count = imap.test_connection(mailbox)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            said = ngettext(
                "The connection works: %(count)s mail lies in the folder.",
                "The connection works: %(count)s mails lie in the folder.",
                count,
            )
            messages.success(request, said % {"count": count})
        return redirect("console:mailbox_detail", pk)


class InboundMailListView(ListView):
    """GET /settings/incoming-mail/: first of all what waits for a decision."""

    permission = HANDLE
    page = "inbound_mail"
    template_name = "console/list.html"

    def extra(self) -> dict[str, Any]:
        return intro("incoming_mail")


def _open(mail: InboundMail) -> bool:
    return mail.state in verbs.OPEN_TO_DECISION


class InboundMailView(DetailView):
    """One mail: where it came from, why it waits, what it says, and the verbs that decide on it."""

    permission = HANDLE
    model = InboundMail
    watched = True
    relations = ("mailbox", "decided_by", "conversation")
    template_name = "console/inbound_mail.html"
    headline = (
        Field("state", _("State"), cells.badge("get_state_display", lambda mail: INBOUND_TONES[mail.state])),
        Field("reason", _("Reason"), "get_reason_display"),
        Field("sender", _("From"), "sender_email"),
        Field("received", _("Received"), cells.moment("received_at")),
    )
    fields = (
        Field("name", _("Name"), "sender_name"),
        Field("mailbox", _("Mailbox"), "mailbox"),
        Field("detail", _("Details"), "detail"),
        Field("attempts", _("Attempts"), cells.number("attempts")),
        Field("decided_by", _("Decided by"), cells.person("decided_by")),
    )
    verbs = (
        Verb(_("Add to a record"), "console:inbound_mail_add", "link", HANDLE, primary=True, when=_open),
        Verb(_("Treat as new"), "console:inbound_mail_open", "create", HANDLE, post=True, when=_open),
        Verb(_("Try again"), "console:inbound_mail_again", "refresh", HANDLE, post=True, when=_open),
        Verb(
            _("Discard"), "console:inbound_mail_discard", "delete", HANDLE, post=True, danger=True,
            when=lambda mail: _open(mail) and mail.state != InboundState.REJECTED,
        ),
    )  # fmt: skip

    def extra(self) -> dict[str, Any]:
        mail = self.object
        places = (
            [(entry.name_of(mail.conversation), entry.url_of(mail.conversation)) for entry in inbound_handlers]
            if (mail.conversation)
            else []
        )
        return {
            "preview": preview(mail),
            "raw_url": raw_file_of(mail).get_absolute_url(),
            "place": next((place for place in places if place[0]), None),
        }


class _DecideView(RecordView):
    """POST: a colleague's decision, carried out at once."""

    permission = HANDLE
    model = InboundMail
    http_method_names = ("post",)
    decision = Decision.AGAIN

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        verbs.decide_mail(actor=self.actor, mail=self.record(), decision=self.decision)
        handling.handle(pk)
        return told(request, self.record())


class InboundMailAgainView(_DecideView):
    """POST /settings/incoming-mail/<pk>/again/."""

    permission = HANDLE
    decision = Decision.AGAIN


class InboundMailOpenView(_DecideView):
    """POST /settings/incoming-mail/<pk>/open/."""

    permission = HANDLE
    decision = Decision.OPEN


class InboundMailAddView(ActionView):
    """GET and POST /settings/incoming-mail/<pk>/add/: the mail goes on the record of a number."""

    permission = HANDLE
    model = InboundMail
    relations = ("conversation",)
    form_class = AddToForm
    title = _("Add “%(name)s” to a record")
    text = _("Its sender takes part in the conversation from then on: their next mail is not held.")
    button = _("Add")

    def form_kwargs(self) -> dict[str, Any]:
        named = self.object.conversation
        names = (handler.name_of(named) for handler in inbound_handlers) if named else ()
        return {"actor": self.actor, "initial": {"reference": next(filter(None, names), "")}}

    def make_form(self) -> Any:
        self.form = super().make_form()
        return self.form

    def perform(self, values: dict[str, Any]) -> Any:
        verbs.decide_mail(
            actor=self.actor, mail=self.object, decision=Decision.THREAD, conversation=self.form.conversation
        )
        handling.handle(self.object.pk)

    def answer(self) -> HttpResponse:
        return told(self.request, self.record())


class InboundMailDiscardView(RecordView):
    """POST /settings/incoming-mail/<pk>/discard/: its bytes stay."""

    permission = HANDLE
    model = InboundMail
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        verbs.discard_mail(actor=self.actor, mail=self.record())
        messages.success(request, _t("The mail is discarded. Its bytes stay here."))
        return redirect(own_address(request, request.POST.get("next") or reverse("console:inbound_mail_list")))


def told(request: HttpRequest, mail: InboundMail) -> HttpResponse:
    """Says what became of the mail and shows it, or the page that asked."""
    text = _t("The mail: %(state)s") % {"state": mail.get_state_display()}
    (messages.success if mail.state == InboundState.HANDLED else messages.warning)(request, text)
    page = reverse("console:inbound_mail_detail", args=[mail.pk])
    return redirect(own_address(request, request.POST.get("next") or page))
