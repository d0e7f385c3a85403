"""What the text message gateway tells us. Public, and believed only with its signature."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseForbidden
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from crm.core.actor import Actor
from crm.core.text import clean_line

from .actions import opt_in, opt_out
from .actions.sending import note_report
from .choices import OptOutSource
from .sms.twilio import is_signed, reported

_ACTOR = Actor.system("sms")


@method_decorator(csrf_exempt, name="dispatch")
class GatewayHook(View):
    """A signed POST of the gateway; 404 where none is set up, 403 for a call that it did not sign."""

    permission = None
    http_method_names = ("post",)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if settings.SMS["sender"] != "twilio":
            raise Http404
        url = f"{settings.BASE_URL}{request.get_full_path()}"
        self.fields = {name: str(value) for name, value in request.POST.items()}
        if not is_signed(url, self.fields, request.headers.get("X-Twilio-Signature", ""), settings.SMS["token"]):
            return HttpResponseForbidden()
        return super().dispatch(request, *args, **kwargs)


class SmsReport(GatewayHook):
    """POST /hooks/sms/<key>/: how far a text message is. Unknown, repeated and late ones change nothing."""

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        state, error = reported(self.fields)
        if state:
            gateway_id = clean_line(self.fields.get("MessageSid", ""), 64)
            note_report(actor=_ACTOR, key=key[:40], gateway_id=gateway_id, state=state, error=clean_line(error, 500))
        return HttpResponse(status=204)


class SmsIncoming(GatewayHook):
    """POST /hooks/sms/: STOP and START of a customer. Other words are answered by nobody, as the texts' link says."""

    def post(self, request: HttpRequest) -> HttpResponse:
        phone, wish = clean_line(self.fields.get("From", ""), 20), self.fields.get("OptOutType", "").upper()
        if wish == "STOP":
            opt_out(actor=_ACTOR, phone=phone, source=OptOutSource.GATEWAY)
        elif wish == "START":
            opt_in(actor=_ACTOR, phone=phone)
        return HttpResponse("<Response/>", content_type="text/xml")
