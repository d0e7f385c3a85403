"""What visitors of a landing page open: the page with its form, and the thanks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property

from crm.blocks import merge
from crm.blocks.content import languages_missing
from crm.blocks.rendering import render_page
from crm.blocks.values import Markdown, Scene
from crm.core import switches
from crm.core.actor import Actor
from crm.core.addresses import parts_of
from crm.core.models import Brand
from crm.core.text import clean_line
from crm.ui.views.public import PublicView, is_machine
from sales.forms.contact import ContactForm
from sales.views.contact import LeadFormView

from ..actions.landing import count_visit, submit_page
from ..forms.landing import LandingForm, form_block
from ..models import LandingPage
from ..selectors.landing import page_at

#: How the hidden field is called that carries the site which led here from the first view to the sent form.
FROM = "from"


class LandingView(PublicView):
    """A published page in the visitor's language, or in the one that `?lang=` names. Anything else is 404."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = page_at(Brand.default(), kwargs["slug"])
        if found is None:
            raise Http404
        self.landing = found
        ui = request.ui  # type: ignore[attr-defined]
        asked = request.GET.get("lang", "")
        if asked in switches.languages() and asked != ui.language:
            translation.activate(asked)
            request.ui = replace(ui, language=asked)  # type: ignore[attr-defined]
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-cache"
        if not self.landing.is_listed:
            response["X-Robots-Tag"] = "noindex"
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response

    @property
    def language(self) -> str:
        return str(self.request.ui.language)  # type: ignore[attr-defined]

    @cached_property
    def source(self) -> str:
        """`utm_source`, else the site that led here, "" when nothing says so."""
        sent = self.request.POST if self.request.method == "POST" else self.request.GET
        named = clean_line(sent.get("utm_source", ""), 60).lower()
        return named or clean_line(sent.get(FROM, ""), 60).lower() or self.led_by

    @property
    def led_by(self) -> str:
        """The host of the page whose link was followed; ours does not count."""
        host = (parts_of(self.request.headers.get("Referer", "")[:500]).hostname or "").removeprefix("www.")
        return "" if host == self.request.get_host().partition(":")[0].removeprefix("www.") else host[:60]


class LandingPageView(LandingView, LeadFormView):
    """GET draws the blocks and counts the visit; POST makes the lead, guarded like the contact form."""

    template_name = "marketing/landing_public.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response = super().get(request, **kwargs)
        if request.method == "GET" and not request.user.is_authenticated:
            count_visit(actor=Actor.guest(), page=self.landing, source=self.source, is_machine=is_machine(request))
        return response

    @property
    def is_open(self) -> bool:
        return form_block(self.landing.live_content) is not None

    @property
    def thanks_url(self) -> str:
        return f"{reverse('landing:thanks', args=[self.landing.slug])}?lang={self.language}"

    def form(self, data: Any = None) -> ContactForm:
        return page_form(self.landing, self.landing.live_content, self.settings, self.language, data)

    def capture(self, form: ContactForm, form_key: str) -> None:
        values = {
            name: value for name, value in form.cleaned_data.items()
            if name not in {"consent", "channels"} and value is not None
        }  # fmt: skip
        submit_page(
            actor=Actor.guest(), page=self.landing, form_key=form_key, values=values, language=self.language,
            channels=form.cleaned_data.get("channels", ()), utm=self.utm, source=self.source,
        )  # fmt: skip

    def show(self, form: ContactForm, form_key: str, signed: str = "", *, status: int = 200) -> HttpResponse:
        guards = {**self.guards(form, form_key, signed), "csrf_token": get_token(self.request), "came": self.source}
        context = page_context(self.landing, self.landing.live_content, self.language, guards)
        return self.page(**context, form=form, address=self.landing.address, status=status)


class LandingThanks(LandingView):
    """What whoever sent the form reads."""

    template_name = "marketing/landing_thanks.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        words = merge.values_of(brand=self.landing.brand)
        thanks = Markdown("thanks", "").shown(self.landing.thanks, Scene(self.language, words))
        return self.page(landing=self.landing, thanks=thanks)


def page_form(landing: LandingPage, content: dict[str, Any], settings: Any, language: str, data: Any = None) -> Any:
    """The form that the page's block asks for."""
    return LandingForm(
        data, asked=form_block(content) or {}, channels=landing.channels,
        advertising=landing.advertising.in_language(language),
        consent_text=settings.consent_text.in_language(language),
    )  # fmt: skip


def page_context(
    landing: LandingPage, content: dict[str, Any], language: str, guards: dict[str, Any]
) -> dict[str, Any]:
    """What the page's template needs; the same for visitors and in the preview."""
    scene = Scene(language, merge.values_of(brand=landing.brand))
    languages = [code for code in switches.languages() if code not in languages_missing(content, [code])]
    return {
        "landing": landing, "body": render_page(content, {**guards, "landing": landing}, scene=scene),
        "has_title": any(
            block["type"] == "heading" and block["values"].get("level") == "title" for block in content["blocks"]
        ),
        "page_title": landing.title.in_language(language), "description": landing.description.in_language(language),
        "languages": languages if len(languages) > 1 else [],
    }  # fmt: skip
