"""From a campaign's words and a person to the message they get. A table look-up: no engine runs anybody's text."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.blocks import merge
from crm.blocks.pictures import Shelf
from crm.blocks.rendering import render_mail
from crm.blocks.values import Place
from crm.core.text import clean_line, clean_text
from crm.messaging.rendering import Rendered
from customers.models import Contact

from .choices.campaigns import CampaignKind
from .models import Campaign, Recipient

#: Words that an author of a campaign may have filled in.
ROOTS = ("contact", "customer", "campaign", "brand")
#: What a link of the author may be, beside an address: the page of this very reader.
REGISTER, PREFERENCES = "#register", "#preferences"
#: The token of messages that nobody of the audience gets: tests and previews.
SAMPLE = "sample"


@dataclass(frozen=True, slots=True)
class Links:
    """Where the links of one message lead. tracked: address → id of the `CampaignLink`; empty for tests."""

    base_url: str
    token: str = SAMPLE
    tracked: Mapping[str, int] = field(default_factory=dict)

    def of(self, name: str, *args: object) -> str:
        """One of our public pages for this reader."""
        return f"{self.base_url}{reverse(name, args=[self.token, *args])}"

    def __call__(self, written: str) -> str:
        """What stands in the message in the place of an address."""
        if written == REGISTER:
            return self.of("responses:register")
        if written == PREFERENCES:
            return self.of("responses:preferences")
        link_id = self.tracked.get(written)
        return self.of("responses:click", link_id) if link_id else written


def mail_place(campaign: Campaign) -> Place:
    """Where the blocks of a mail stand."""
    return Place("mail", Shelf("campaign", campaign.pk), ROOTS)


def mail_for(
    campaign: Campaign, contact: Contact | None, language: str, links: Links, *, is_page: bool = False
) -> Rendered:
    """The mail as this person gets it; without one, with example words. is_page: it is read in a browser."""
    brand = campaign.brand
    words = words_for(campaign, contact, language)
    subject = clean_line(merge.fill(campaign.subject.in_language(language), words), 150)
    with override(language):
        note = _("You get this because you agreed to mail from %(brand)s.") % {
            "brand": brand.name.in_language(language)
        }
        footer = [
            (_("Choose what you get"), links.of("responses:preferences")),
            (_("Unsubscribe"), links.of("responses:unsubscribe")),
        ]
        if not is_page:
            footer.insert(0, (_("View in a browser"), links.of("responses:shown")))
        mail = render_mail(
            campaign.content, words, language, brand=brand, subject=subject, link=links, footer=footer, note=note
        )
    is_counted = links.token != SAMPLE and not is_page
    html = mail.html.replace("</body>", f"{_beacons(links)}</body>") if is_counted else mail.html
    return Rendered(subject, mail.text, html)


def text_for(campaign: Campaign, contact: Contact | None, language: str, links: Links) -> str:
    """The text message as this person gets it, with the way to get no more."""
    words = words_for(campaign, contact, language)
    text = clean_text(merge.fill(campaign.body.in_language(language), words))
    for address in sorted(links.tracked, key=len, reverse=True):
        text = text.replace(address, links(address))
    with override(language):
        return _("%(text)s\nNo more messages: %(link)s") % {"text": text, "link": links.of("responses:unsubscribe")}


def words_for(campaign: Campaign, contact: Contact | None, language: str) -> dict[str, str]:
    """What merge fields stand for."""
    with override(language):
        if contact is None:
            return merge.examples(ROOTS)
        return merge.values_of(contact=contact, customer=contact.customer, campaign=campaign, brand=campaign.brand)


def headers_for(links: Links) -> dict[str, str]:
    """How a mail program unsubscribes by itself (RFC 2369, and RFC 8058 for a single POST)."""
    return {
        "List-Unsubscribe": f"<{links.of('responses:unsubscribe')}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "bulk",
    }


def addresses_in(campaign: Campaign, language: str) -> list[str]:
    """The web addresses that the campaign's words point to, in their order, each once."""
    found: dict[str, None] = {}

    def note(written: str) -> str:
        if written.startswith(("http://", "https://")):
            found[written] = None
        return written

    if campaign.kind == CampaignKind.SMS:
        for word in campaign.body.in_language(language).split():
            note(word)
    else:
        render_mail(campaign.content, {}, language, brand=campaign.brand, link=note)
    return list(found)


def links_for(recipient: Recipient, tracked: Mapping[str, int]) -> Links:
    """The links of one recipient's message."""
    return Links(recipient.campaign.brand.base_url, recipient.token, tracked)


def when_text(campaign: Campaign) -> str:
    """When an event begins, in the campaign's zone and the active language."""
    if campaign.starts_at is None:
        return ""
    return date_format(localtime(campaign.starts_at, zoneinfo.ZoneInfo(campaign.timezone)), "DATETIME_FORMAT")


def _beacons(links: Links) -> str:
    """A picture whose loading says that somebody looked, and a link that only machines follow."""
    return format_html(
        '<a href="{}" style="display:none;" aria-hidden="true" tabindex="-1"></a>'
        '<img src="{}" width="1" height="1" alt="" style="border:0;">',
        links.of("responses:trap"), links.of("responses:opened"),
    )  # fmt: skip
