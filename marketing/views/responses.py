"""What the links in a campaign's messages open, for whoever holds one. Nothing but counting happens by GET."""

from __future__ import annotations

import base64
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_deny
from django.views.decorators.csrf import csrf_exempt

from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import DomainError, NotFound, TooMany
from crm.core.limits import hit
from crm.ui.views.public import TOKEN, PublicView, SecretAddress
from customers.selectors import consents_of

from ..actions import note_hit, register, set_preferences, unsubscribe
from ..actions.preferences import CHANNELS, sentence
from ..choices.campaigns import CampaignKind, Machine, ResponseKind
from ..forms.preferences import PreferencesForm
from ..models import CampaignLink, Participant, Recipient, Topic, TopicRefusal
from ..rendering import SAMPLE, links_for, mail_for, when_text
from ..tracking import machine_by, with_marks

#: Hits of one message that are counted in an hour; more are answered, not kept.
HITS_AN_HOUR = 120
#: The smallest picture there is: one transparent point.
_POINT = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


class CampaignLinkInvalid(NotFound):
    default = gettext_lazy("This link does not work any more. Copy the whole address from the message.")


class MessagePage(SecretAddress, PublicView):
    """A page about one message. A wrong link says what to do; the links of tests say that they are tests.

    They answer also while marketing is switched off: whoever got a mail may always say that they want no more.
    """

    stays_on = True

    http_method_names: ClassVar[Any] = ("get", "head", "post")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            token = kwargs.pop("token")
            if not TOKEN.fullmatch(token):
                raise CampaignLinkInvalid
            self.recipient = None if token == SAMPLE else self.load(token)
            return super().dispatch(request, *args, **kwargs)
        except CampaignLinkInvalid as error:
            return render(request, "marketing/public/invalid.html", {"message": str(error)}, status=404)

    def load(self, token: str) -> Recipient:
        """The recipient behind the link. Raises `CampaignLinkInvalid`."""
        rows = Recipient.objects.select_related("campaign__brand", "contact__customer")
        recipient = rows.filter(token=token).first()
        if recipient is None:
            raise CampaignLinkInvalid
        self.speak(recipient.language, recipient.campaign.timezone)
        return recipient

    def actor_of(self, recipient: Recipient) -> Actor:
        """The person who holds the link."""
        return Actor.contact(recipient.contact_id, recipient.contact.name)

    def count(self, kind: str, link: CampaignLink | None = None, machine: str = "") -> None:
        """Notes the hit, unless there were too many of them."""
        if self.recipient is None or self.request.user.is_authenticated:
            return
        machine = machine or machine_by(str(self.request.method), self.request.headers, self.recipient, clock.now())
        try:
            hit("campaign", self.recipient.token, limit=HITS_AN_HOUR, window_seconds=3600)
        except TooMany:
            return
        note_hit(
            actor=self.actor_of(self.recipient), recipient=self.recipient, kind=kind, link=link, machine=machine,
            agent=self.request.headers.get("User-Agent", ""),
        )  # fmt: skip


class Opened(MessagePage):
    """The picture at the end of a mail."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.count(ResponseKind.OPEN)
        return HttpResponse(_POINT, content_type="image/gif")


class Click(MessagePage):
    """A link of the mail: counts, and leads to the address that the author wrote."""

    def get(self, request: HttpRequest, link: int) -> HttpResponse:
        if self.recipient is None:
            raise CampaignLinkInvalid
        found = CampaignLink.objects.filter(pk=link, campaign=self.recipient.campaign_id).first()
        if found is None:
            raise CampaignLinkInvalid
        self.count(ResponseKind.CLICK, found)
        return HttpResponseRedirect(with_marks(found.url, self.recipient.campaign))


@method_decorator(xframe_options_deny, name="dispatch")
class Shown(MessagePage):
    """The mail in a browser, for whoever's mail program cannot show it: its own styles, no script, no form."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.recipient is None or self.recipient.campaign.channel != "email":
            raise CampaignLinkInvalid
        row = self.recipient
        self.count(ResponseKind.OPEN)
        tracked = dict(row.campaign.links.values_list("url", "pk"))
        mail = mail_for(row.campaign, row.contact, row.language, links_for(row, tracked), is_page=True)
        response = HttpResponse(mail.html)
        response["Content-Security-Policy"] = (
            "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors 'none'; "
            "sandbox allow-popups allow-top-navigation-by-user-activation"
        )
        return response


class Trap(MessagePage):
    """A link that no person sees."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.count(ResponseKind.CLICK, machine=Machine.TRAP)
        return HttpResponse(status=204)


@method_decorator(csrf_exempt, name="dispatch")
class Unsubscribe(MessagePage):
    """GET asks; POST does it. A mail program posts by itself (RFC 8058), so the token alone has to do."""

    template_name = "marketing/public/unsubscribe.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(recipient=self.recipient, is_done=False)

    def post(self, request: HttpRequest) -> HttpResponse:
        if self.recipient is not None:
            unsubscribe(actor=self.actor_of(self.recipient), recipient=self.recipient)
        return self.page(recipient=self.recipient, is_done=True)


class Preferences(MessagePage):
    """What the person wants to get: topics and channels."""

    template_name = "marketing/public/preferences.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(self.form())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        if self.recipient is None:
            return self.show(form)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            set_preferences(
                actor=self.actor_of(self.recipient), recipient=self.recipient,
                channels={channel: channel in form.cleaned_data["channels"] for channel in CHANNELS},
                topics=list(form.cleaned_data["topics"]),
            )  # fmt: skip
        except DomainError as error:
            form.add_error("channels", str(error))
            return self.show(form, status=error.status)
        messages.success(request, _("Saved. You get what you chose."))
        return redirect("responses:preferences", self.recipient.token)

    def form(self, data: Any = None) -> PreferencesForm:
        brand, language = self.brand, self.request.ui.language  # type: ignore[attr-defined]
        initial: dict[str, Any] = {"channels": [], "topics": Topic.objects.active()}
        if self.recipient is not None:
            brand = self.recipient.campaign.brand
            said = consents_of(self.recipient.contact)
            refused = TopicRefusal.objects.filter(contact=self.recipient.contact).values("topic")
            initial["channels"] = [channel for channel in CHANNELS if said[channel]]
            initial["topics"] = Topic.objects.active().exclude(pk__in=refused)
        choices = [(channel, sentence(brand, channel, language)) for channel in CHANNELS]
        return PreferencesForm(data, initial=initial, channels=choices)

    def show(self, form: PreferencesForm, status: int = 200) -> HttpResponse:
        return self.page(status=status, recipient=self.recipient, form=form)


class Register(MessagePage):
    """The page of an event for an invited person."""

    template_name = "marketing/public/event.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.recipient is not None:
            self.count(ResponseKind.CLICK)
        return self.show()

    def post(self, request: HttpRequest) -> HttpResponse:
        if self.recipient is None:
            return self.show()
        try:
            register(actor=self.actor_of(self.recipient), recipient=self.recipient)
        except DomainError as error:
            return self.show(problem=str(error), status=error.status)
        return redirect("responses:register", self.recipient.token)

    def show(self, problem: str = "", status: int = 200) -> HttpResponse:
        if self.recipient is None:
            return self.page(recipient=None)
        campaign = self.recipient.campaign
        if campaign.kind != CampaignKind.EVENT:
            raise CampaignLinkInvalid
        takes_part = Participant.objects.filter(campaign=campaign, contact=self.recipient.contact_id).exists()
        is_open = campaign.starts_at is not None and campaign.starts_at > clock.now()
        return self.page(
            status=status, recipient=self.recipient, campaign=campaign, when=when_text(campaign), problem=problem,
            takes_part=takes_part, is_open=is_open,
        )  # fmt: skip
