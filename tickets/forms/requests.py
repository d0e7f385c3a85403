"""What a colleague fills in who asks another department."""

from __future__ import annotations

from typing import Any

from ..models import RequestType
from .public import SubmitForm


class RequestForm(SubmitForm):
    """The form that customers fill in, of one type and without who asks: the colleague is signed in."""

    def __init__(self, *args: Any, request_type: RequestType, **kwargs: Any):
        super().__init__(*args, types=[request_type], consent_text="", **kwargs)
        for name in ("request_type", "name", "email", "phone", "timezone", "consent"):
            del self.fields[name]
        self.request_type = request_type
