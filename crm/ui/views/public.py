"""What every page for anybody shares: no sign-in, and the brand's time zone until the visitor's is known."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from crm.core.errors import TooMany
from crm.core.models import Brand


class PublicView(View):
    """A page for anybody."""

    permission = None
    template_name = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.brand = Brand.default()
        if not request.ui.timezone:  # type: ignore[attr-defined]
            timezone.activate(zoneinfo.ZoneInfo(self.brand.timezone))
        return super().dispatch(request, *args, **kwargs)

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """The page's template with this context."""
        return render(self.request, self.template_name, context, status=status)


def minutes_of(error: TooMany) -> int:
    """How long to wait, in whole minutes, at least one."""
    return max(1, -(-error.retry_after_seconds // 60))
