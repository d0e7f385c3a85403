"""Twilio's Messages API: https://www.twilio.com/docs/messaging/api/message-resource

One form POST with basic authentication hands a message over; Twilio then reports its state to the address named as
StatusCallback, signed with the account's token (https://www.twilio.com/docs/usage/security).
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import http.client
import json
import ssl
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from ..choices import SmsState
from ..outcomes import Failure, Outcome, Taken
from .senders import SmsSender

if TYPE_CHECKING:
    from ..models import OutgoingSms

#: The receiver wrote STOP to this sender (https://www.twilio.com/docs/api/errors/21610).
OPTED_OUT = 21610
#: Our own account is refused or short of money: not this message's fault, so it waits.
_OUR_TROUBLE = {401, 403, 404}
_ANSWER_BYTES = 1_000_000
_STATES = {
    "sent": SmsState.SENT,
    "delivered": SmsState.DELIVERED,
    "read": SmsState.DELIVERED,
    "undelivered": SmsState.FAILED,
    "failed": SmsState.FAILED,
    "canceled": SmsState.FAILED,
}
_UNSENT = {"failed", "undelivered", "canceled"}
#: Twilio's clock and ours may differ so much.
_SKEW = dt.timedelta(minutes=2)


class TwilioSender(SmsSender):
    name = "Twilio"

    def send(self, sms: OutgoingSms) -> Outcome:
        """A 4xx answer refuses this message for good; 401, 403 and 404 mean the account, and wait as 429 and 5xx do."""
        origin = self.options["origin"]
        fields = {
            "To": sms.to_phone,
            "Body": sms.text,
            "StatusCallback": report_address(sms.key),
            ("MessagingServiceSid" if origin.startswith("MG") else "From"): origin,
        }
        try:
            status, headers, answer = self._call("POST", ".json", fields)
        except (OSError, http.client.HTTPException) as error:
            return Failure(f"{type(error).__name__}: {error}", is_permanent=False)
        if status in {200, 201} and answer.get("sid"):
            return Taken(str(answer["sid"]))
        code = answer.get("code")
        words = f"{status} {code or ''} {answer.get('message') or ''}".strip()
        is_permanent = 400 <= status < 500 and status not in _OUR_TROUBLE | {408, 429}
        wait = headers.get("retry-after", "")
        return Failure(words, is_permanent, int(wait) if wait.isdecimal() else 0, opted_out=code == OPTED_OUT)

    def find(self, sms: OutgoingSms) -> Taken | None:
        """The same words to the same number since the first attempt; None when there are none or nobody answers."""
        since = sms.first_tried_at - _SKEW
        query = urlencode({"To": sms.to_phone, "DateSent>": since.date().isoformat(), "PageSize": 100})
        try:
            status, _headers, answer = self._call("GET", f".json?{query}")
        except (OSError, http.client.HTTPException):
            return None
        rows = answer.get("messages") if status == 200 else []
        for row in rows if isinstance(rows, list) else []:
            if row.get("body") == sms.text and row.get("status") not in _UNSENT and _created(row) >= since:
                return Taken(str(row.get("sid", "")))
        return None

    def _call(
        self, method: str, path: str, fields: Mapping[str, str] | None = None
    ) -> tuple[int, Mapping[str, str], dict[str, Any]]:
        """Status, headers in lower case and the JSON answer, {} when it is none. Raises `OSError`, `HTTPException`."""
        account, host, port = self.options["account"], self.options["host"], self.options["port"]
        timeout = settings.SMS_TIMEOUT
        connection: http.client.HTTPConnection = (
            http.client.HTTPSConnection(host, port, timeout=timeout, context=ssl.create_default_context())
            if self.options["secure"]
            else http.client.HTTPConnection(host, port, timeout=timeout)
        )
        basic = base64.b64encode(f"{account}:{self.options['token']}".encode()).decode()
        headers = {"Authorization": f"Basic {basic}", "Accept": "application/json"}
        body = urlencode(fields) if fields is not None else None
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, f"/2010-04-01/Accounts/{account}/Messages{path}", body, headers)
            response = connection.getresponse()
            raw = response.read(_ANSWER_BYTES)
            found = {name.lower(): value for name, value in response.getheaders()}
        finally:
            connection.close()
        try:
            answer = json.loads(raw)
        except ValueError:
            answer = {}
        return response.status, found, answer if isinstance(answer, dict) else {}


def report_address(key: str) -> str:
    """Where Twilio reports the state of a message."""
    return f"{settings.BASE_URL}{reverse('messaging:sms_report', args=[key])}"


def is_signed(url: str, fields: Mapping[str, str], signature: str, token: str) -> bool:
    """Whether the account signed this call: HMAC-SHA1 over the address and the sorted fields, in base64."""
    text = url + "".join(f"{name}{fields[name]}" for name in sorted(fields))
    expected = base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()
    return hmac.compare_digest(expected.encode(), signature.encode())


def reported(fields: Mapping[str, str]) -> tuple[str, str]:
    """The state a report means here ("" for one on the way there), and the error in words."""
    state = _STATES.get(fields.get("MessageStatus", "").lower(), "")
    code, words = fields.get("ErrorCode", ""), fields.get("ErrorMessage", "")
    return state, f"{fields.get('MessageStatus', '')} {code} {words}".strip() if state == SmsState.FAILED else ""


def _created(row: Mapping[str, Any]) -> dt.datetime:
    """When Twilio made it; the beginning of time where that cannot be read."""
    try:
        moment = parsedate_to_datetime(str(row.get("date_created")))
    except ValueError:
        return dt.datetime.min.replace(tzinfo=dt.UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
