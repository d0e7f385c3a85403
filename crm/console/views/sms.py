"""/settings/sms/: how text messages leave, a test, the numbers that want none, and the log."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t

from crm.core import clock
from crm.core.errors import DomainError
from crm.core.installation import sends
from crm.core.phones import masked_phone
from crm.messaging.actions import hold_sms, lift_opt_out, opt_out, retry_sms, send_test_sms
from crm.messaging.choices import OptOutSource, SmsState
from crm.messaging.declarations import mail_templates
from crm.messaging.models import OutgoingSms, SmsOptOut
from crm.messaging.selectors import sms_figures
from crm.messaging.sms.senders import sender
from crm.ui.views.generic import ListView, RecordView, StaffView

from ..forms.sms import PhoneForm
from ..lists.sms import SMS_TONES
from .intro import intro

MANAGE = "messaging.manage_mail"
FIGURES_DAYS, SHOWN = 30, 50


class SmsView(StaffView):
    """GET /settings/sms/."""

    permission = MANAGE

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(PhoneForm(auto_id="test_%s"), PhoneForm(auto_id="number_%s"))

    def page(self, test: PhoneForm, number: PhoneForm, status: int = 200) -> HttpResponse:
        """The page with both forms as they were left."""
        since = clock.now() - dt.timedelta(days=FIGURES_DAYS)
        kind = settings.SMS["sender"]
        context = {
            "sender": sender(),
            "is_none": kind == "none",
            "is_console": kind == "console",
            "is_silent": not sends(),
            "origin": settings.SMS.get("origin", ""),
            "host": settings.SMS.get("host", ""),
            "countries": [f"+{code}" for code in settings.SMS.get("countries", [])],
            "per_minute": settings.SMS_PER_MINUTE,
            "max_parts": settings.SMS_MAX_PARTS,
            "figures": sms_figures(self.actor, since),
            "days": FIGURES_DAYS,
            "opted_out": SmsOptOut.objects.visible_to(self.actor).order_by("-pk")[:SHOWN],
            "test": test,
            "number": number,
            **intro("sms"),
        }
        return render(self.request, "console/sms.html", context, status=status)


class SmsTestView(SmsView):
    """POST /settings/sms/test/: a fixed sentence to a number."""

    http_method_names = ("get", "post")

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("console:sms")

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PhoneForm(request.POST, auto_id="test_%s")
        if form.is_valid():
            try:
                sms = send_test_sms(actor=self.actor, to_phone=form.cleaned_data["phone"])
            except DomainError as error:
                form.add_error("phone", str(error))
            else:
                messages.success(request, _t("The test message is on its way."))
                return redirect("console:outgoing_sms_detail", sms.pk)
        return self.page(form, PhoneForm(auto_id="number_%s"), status=422)


class SmsOptOutView(SmsView):
    """POST /settings/sms/numbers/: a number that wants no text messages."""

    http_method_names = ("get", "post")

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("console:sms")

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PhoneForm(request.POST, auto_id="number_%s")
        if not form.is_valid():
            return self.page(PhoneForm(auto_id="test_%s"), form, status=422)
        phone = form.cleaned_data["phone"]
        opt_out(actor=self.actor, phone=phone, source=OptOutSource.STAFF)
        messages.success(request, _t("%(phone)s gets no text messages.") % {"phone": masked_phone(phone)})
        return redirect("console:sms")


class SmsOptInView(RecordView):
    """POST /settings/sms/numbers/<pk>/lift/."""

    permission = MANAGE
    model = SmsOptOut
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.record()
        lift_opt_out(actor=self.actor, opt_out=row)
        messages.success(request, _t("%(phone)s gets text messages again.") % {"phone": row})
        return redirect("console:sms")


class OutgoingSmsListView(ListView):
    """GET /settings/sms/log/."""

    permission = MANAGE
    page = "outgoing_sms"
    template_name = "console/list.html"

    def extra(self) -> dict[str, Any]:
        return intro("outgoing_sms")


class OutgoingSmsView(RecordView):
    """GET /settings/sms/log/<pk>/: how far it is, and its words."""

    permission = MANAGE
    model = OutgoingSms
    relations = ("brand",)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        sms = self.record()
        context = {
            "sms": sms,
            "tone": SMS_TONES[sms.state],
            "secret": sms.template in mail_templates and mail_templates[sms.template].is_secret,
            "can_retry": sms.state in {SmsState.FAILED, SmsState.HELD},
            "can_hold": sms.state == SmsState.WAITING,
            **intro("outgoing_sms"),
        }
        return render(request, "console/outgoing_sms.html", context)


class OutgoingSmsRetryView(RecordView):
    """POST /settings/sms/log/<pk>/retry/."""

    permission = MANAGE
    model = OutgoingSms
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        retry_sms(actor=self.actor, sms=self.record())
        messages.success(request, _t("The text message is sent again."))
        return redirect("console:outgoing_sms_detail", pk)


class OutgoingSmsHoldView(RecordView):
    """POST /settings/sms/log/<pk>/hold/."""

    permission = MANAGE
    model = OutgoingSms
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        hold_sms(actor=self.actor, sms=self.record())
        messages.success(request, _t("The text message is held back until somebody sends it again."))
        return redirect("console:outgoing_sms_detail", pk)
