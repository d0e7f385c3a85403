"""The demo's campaigns: two mails, an event, posts and a draft, with what people and machines did with them.

Who gets each is resolved as for a real one; what came back is laid over it. No mail is stored, so nothing goes out.
"""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from crm.accounts.access import actor_for
from crm.activity.demo import History, place
from crm.activity.models import Activity
from crm.core.actor import Actor
from crm.core.demo import DemoContext
from crm.core.models import Brand
from crm.core.sockets import activity_types
from customers.actions.segments import add_to_segment, create_segment
from customers.choices import ConsentChannel, SegmentKind
from customers.models import Consent, Contact, Customer, Segment
from sales.models import Lead, Opportunity

from ..choices.campaigns import CampaignState, Machine, RecipientState, ResponseKind
from ..models import (
    Campaign,
    CampaignCost,
    CampaignLink,
    Participant,
    PostResult,
    Recipient,
    Response,
    Suppression,
    Topic,
)  # fmt: skip
from ..selectors.audience import counted, resolve, summary

_FILE = Path(__file__).parent / "campaigns.json"
_READERS = 160
_HOUR = dt.timedelta(hours=1)
_SAID = {
    "en": "I want to get offers and news by email. (paper form at the trade fair)",
    "zh-hans": "我同意通过邮件接收优惠和资讯。（展会纸质表单）",
}


def make_campaigns(context: DemoContext) -> None:
    """Consents, a segment of readers, and five campaigns."""
    maker = CampaignMaker(context)
    campaigns = json.loads(_FILE.read_text(encoding="utf-8"))
    context.progress.start("Campaigns", len(campaigns))
    for values in campaigns:
        maker.make(values)
        context.progress.advance()
    context.progress.finish()


def place_campaigns(context: DemoContext) -> None:
    """Once the history is written: where each campaign stands on its readers' timelines."""
    sent = Activity.objects.filter(type=activity_types["campaigns.sent"].code).values_list("object_id", "pk")
    for campaign_id, activity_id in sent:
        Campaign.objects.filter(pk=campaign_id, activity_id__isnull=True).update(activity_id=activity_id)


class CampaignMaker:
    """Makes campaigns one after the other, with everything that hangs on them."""

    def __init__(self, context: DemoContext):
        self.now, self.rng = context.now, context.rng("marketing.campaigns")
        self.history: History = context.made["history"]
        self.owner = context.made["staff"].in_role("marketer")[0]
        self.actor = actor_for(self.owner)
        self.brand = Brand.default()
        self._consents()
        self.readers = self._segment()
        self.quiet = Segment.objects.filter(name="暂不打扰").first()

    def make(self, values: dict[str, Any]) -> None:
        """One campaign in its state, from its first day to now."""
        sent_at = self.now - dt.timedelta(days=values["days_ago"])
        campaign = self._row(values, sent_at)
        for kind, label, amount in values.get("costs", ()):
            CampaignCost.objects.create(
                campaign=campaign, kind=kind, label=label, amount=Decimal(amount), on=sent_at.date()
            )
        self._tell("campaigns.created", campaign, sent_at - 20 * _HOUR)
        if campaign.state == CampaignState.DRAFT:
            campaign.audience = counted(campaign)
            campaign.save(update_fields=["audience"])
            return
        self._tell("campaigns.scheduled", campaign, sent_at - 2 * _HOUR)
        if campaign.channel:
            self._send(campaign, sent_at)
            self._answer(campaign, sent_at, sells=values.get("sells", 0))
        for network, reach, clicks in values.get("results", ()):
            PostResult.objects.create(campaign=campaign, network=network, on=sent_at.date(), reach=reach, clicks=clicks)
        if campaign.state == CampaignState.PAUSED:
            self._tell("campaigns.paused", campaign, sent_at + _HOUR)
        if campaign.state == CampaignState.FINISHED:
            self._tell("campaigns.finished", campaign, sent_at + dt.timedelta(days=14))

    def _row(self, values: dict[str, Any], sent_at: dt.datetime) -> Campaign:
        begun = sent_at - 20 * _HOUR
        is_draft = values["state"] == CampaignState.DRAFT
        campaign = Campaign(
            brand=self.brand, name=values["name"], kind=values["kind"], state=values["state"], owner=self.owner,
            department_id=self.owner.department_id, topic=Topic.objects.filter(key=values["topic"]).first(),
            goal=values["goal"], budget=values["budget"], currency=self.brand.currency, timezone=self.brand.timezone,
            subject=values.get("subject", {}), body=values.get("body", {}), content=content_of(values),
            place=values.get("place", ""), created_at=begun, updated_at=begun,
            send_at=None if is_draft else sent_at, sent_at=None if is_draft else sent_at,
        )  # fmt: skip
        if "begins_days" in values:
            campaign.starts_at = self.now + dt.timedelta(days=values["begins_days"])
        if campaign.state == CampaignState.FINISHED:
            campaign.finished_at = sent_at + dt.timedelta(days=14)
        campaign.save()
        if campaign.channel:
            campaign.segments.add(self.readers)
            if self.quiet is not None:
                campaign.excluded.add(self.quiet)
        return campaign

    def _send(self, campaign: Campaign, sent_at: dt.datetime) -> None:
        """Freezes the audience and says of each how the mail fared; half of a paused one still waits."""
        people = list(resolve(campaign))
        campaign.audience = {**summary(person.reason for person in people), "at": sent_at.isoformat()}
        campaign.frozen_at = sent_at
        campaign.save(update_fields=["audience", "frozen_at"])
        chosen = [person for person in people if not person.reason]
        going = set(chosen[: len(chosen) // 2] if campaign.state == CampaignState.PAUSED else chosen)
        rows = []
        for person in people:
            row = Recipient(
                campaign=campaign, customer_id=person.customer_id, contact_id=person.contact_id,
                address=person.address, language=person.language, reason=person.reason, created_at=sent_at,
                state=RecipientState.LEFT_OUT if person.reason else RecipientState.WAITING,
            )  # fmt: skip
            if person in going:
                row.state = RecipientState.SENT
                row.sent_at = sent_at + dt.timedelta(seconds=self.rng.randint(5, 1500))
            rows.append(row)
        Recipient.objects.bulk_create(rows)
        self._bounce(campaign)
        told = {"count": len(chosen)}
        self._tell("campaigns.sent", campaign, sent_at, **told)

    def _bounce(self, campaign: Campaign) -> None:
        rows = list(campaign.recipients.filter(state=RecipientState.SENT).order_by("-pk"))
        for number, row in enumerate(rows[:3] if len(rows) > 20 else []):
            row.state, row.is_hard = RecipientState.FAILED, number == 0
            row.error = "550 5.1.1 User unknown" if row.is_hard else "552 5.2.2 Mailbox full"
            row.failed_at = row.sent_at + _HOUR if row.sent_at else None
            row.save()
            if row.is_hard:
                Suppression.objects.get_or_create(
                    channel="email", address=row.address,
                    defaults={"reason": "bounce", "note": row.error, "campaign": campaign},
                )  # fmt: skip

    def _complain(self, row: Recipient) -> Response:
        """One of those who unsubscribed called it spam as well, as their provider reported."""
        row.complained_at = row.unsubscribed_at
        Suppression.objects.update_or_create(
            channel="email", address=row.address, defaults={"reason": "complaint", "campaign": row.campaign}
        )
        return _response(row, ResponseKind.COMPLAINT, row.complained_at)

    def _answer(self, campaign: Campaign, sent_at: dt.datetime, *, sells: int) -> None:
        """Openings, clicks, scanners, a few who unsubscribe; so many of those who bought since clicked before."""
        link = CampaignLink.objects.create(campaign=campaign, url=f"{self.brand.base_url}/help/")
        won = Opportunity.objects.filter(won_at__gt=sent_at + 6 * _HOUR).order_by("-won_at")
        own = won.filter(customer__in=campaign.recipients.values("customer"))
        bought = dict(own.values_list("customer_id", "won_at")[:sells])
        responses: list[Response] = []
        rows = list(campaign.recipients.filter(state=RecipientState.SENT).order_by("pk"))
        for row in rows:
            until = min(bought.get(row.customer_id, self.now), self.now)
            chance = self.rng.random()
            if chance > 0.93:
                responses += self._scan(row)
            if row.customer_id in bought or chance < 0.42:
                responses += self._read(row, link, until, clicks=row.customer_id in bought or chance < 0.15)
            elif 0.42 <= chance < 0.45:
                row.unsubscribed_at = row.opened_at = self._moment(row, until)
                responses.append(_response(row, ResponseKind.UNSUBSCRIBE, row.unsubscribed_at))
        said_no = [row for row in rows if row.unsubscribed_at]
        if campaign.starts_at is None and said_no:
            responses.append(self._complain(said_no[0]))
        Recipient.objects.bulk_update(
            rows, ["opened_at", "clicked_at", "scanned_at", "unsubscribed_at", "complained_at"]
        )
        Response.objects.bulk_create(responses)
        if campaign.starts_at is not None:
            self._guests(campaign, rows)
        fresh = Lead.objects.filter(utm={}, created_at__gt=sent_at).order_by("created_at", "pk")[:4]
        for lead in fresh:
            lead.utm = {"v": 1, "utm_source": "campaign", "utm_medium": "email", "utm_campaign": campaign.code}
            Lead.objects.filter(pk=lead.pk).update(utm=lead.utm, campaign=campaign.code)

    def _read(self, row: Recipient, link: CampaignLink, until: dt.datetime, *, clicks: bool) -> list[Response]:
        row.opened_at = self._moment(row, until)
        found = [_response(row, ResponseKind.OPEN, row.opened_at)]
        if clicks:
            row.clicked_at = row.opened_at + dt.timedelta(seconds=40)
            found.append(_response(row, ResponseKind.CLICK, row.clicked_at, link=link))
        return found

    def _scan(self, row: Recipient) -> list[Response]:
        row.scanned_at = (row.sent_at or self.now) + dt.timedelta(seconds=2)
        return [_response(row, ResponseKind.CLICK, row.scanned_at, is_machine=True, why=Machine.TIMING)]

    def _moment(self, row: Recipient, until: dt.datetime) -> dt.datetime:
        """Some time after it was sent, sooner more likely than later."""
        start = row.sent_at or until
        room = max((until - start).total_seconds() - 120, 60)
        return start + dt.timedelta(seconds=60 + min(room, 3 * 86_400) * self.rng.random() ** 2)

    def _guests(self, campaign: Campaign, rows: list[Recipient]) -> None:
        """Some of those who opened register, most of them came."""
        for number, row in enumerate([row for row in rows if row.opened_at][:14]):
            registered = (row.opened_at or self.now) + _HOUR
            came = campaign.starts_at if number % 3 else None
            Participant.objects.create(
                campaign=campaign, customer_id=row.customer_id, contact_id=row.contact_id, registered_at=registered,
                attended_at=came,
            )  # fmt: skip
            Response.objects.create(**_facts(row), kind=ResponseKind.REGISTER, at=registered)
            if came is not None:
                Response.objects.create(**_facts(row), kind=ResponseKind.ATTEND, at=came)

    def _consents(self) -> None:
        """Most people agreed to mail, some refused, the rest was never asked."""
        people = list(Contact.objects.filter(customer__in=Customer.objects.external()).order_by("pk")[:4000])
        rows = []
        for person in people:
            chance = self.rng.random()
            if chance < 0.86:
                language = person.language or self.brand.language
                rows.append(
                    Consent(
                        contact=person, channel=ConsentChannel.EMAIL, granted=chance < 0.8,
                        text=_SAID.get(language, _SAID["en"]), text_version=1, language=language,
                        created_at=self.now - dt.timedelta(days=90), updated_at=self.now - dt.timedelta(days=90),
                    )
                )  # fmt: skip
        Consent.objects.bulk_create(rows, batch_size=2000)

    def _segment(self) -> Segment:
        """Those who read the newsletter, picked by hand."""
        segment = create_segment(
            actor=self.actor,
            values={
                "name": "Newsletter readers 资讯订阅客户", "kind": SegmentKind.STATIC,
                "description": "Customers whose people read what we send",
            },
        )  # fmt: skip
        customers = list(Customer.objects.external().order_by("pk")[:_READERS])
        won = Customer.objects.external().filter(opportunities__won_at__gt=self.now - dt.timedelta(days=24))
        add_to_segment(actor=self.actor, segment=segment, customers=list({*customers, *won[:12]}))
        return segment

    def _tell(self, type: str, campaign: Campaign, at: dt.datetime, **data: Any) -> None:
        actor = Actor.system("campaigns") if type == "campaigns.sent" else self.actor
        self.history.tell(at, actor, type, place(Campaign, campaign.pk), [], {"name": campaign.name, **data})


def content_of(values: dict[str, Any]) -> dict[str, Any]:
    """A mail of heading, text and button; empty for a post."""
    if "heading" not in values:
        return {"v": 1, "blocks": []}
    return {
        "v": 1,
        "blocks": [
            {"id": "h1", "type": "heading", "values": {"text": values["heading"], "level": "title", "align": "left"}},
            {"id": "t1", "type": "text", "values": {"text": values["text"]}},
            {
                "id": "b1", "type": "button",
                "values": {
                    "label": values["button"], "address": values["address"], "look": "primary", "align": "left",
                },
            },
        ],
    }  # fmt: skip


def _facts(row: Recipient) -> dict[str, Any]:
    return {
        "campaign_id": row.campaign_id, "customer_id": row.customer_id, "contact_id": row.contact_id, "recipient": row,
    }  # fmt: skip


def _response(row: Recipient, kind: ResponseKind, at: dt.datetime, **further: Any) -> Response:
    return Response(**_facts(row), kind=kind, at=at, created_at=at, **further)
