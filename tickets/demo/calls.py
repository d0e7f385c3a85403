"""A caller who has no mail address, and a ticket that somebody threw away."""

from __future__ import annotations

import datetime as dt

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.core import clock
from crm.core.demo import DemoContext
from crm.messaging.choices import MailState, SmsState
from crm.messaging.models import OutgoingMail, OutgoingSms

from ..actions import create_ticket, delete_ticket
from ..actions.intake import Caller
from ..models import RequestType

_CALLER = Caller(name="赵建国", phone="13800138004")


def make_calls(context: DemoContext) -> None:
    """As an agent took them this morning; nothing of them waits to be sent."""
    kinds = {row.key: row for row in RequestType.objects.filter(key__in=("hardware_fault", "suggestion"))}
    admin = User.objects.active().filter(roles__is_administrator=True).order_by("pk").first()
    if admin is None or len(kinds) < 2:
        return
    mails, texts = _last(OutgoingMail), _last(OutgoingSms)
    actor = actor_for(admin)
    with clock.at(context.now - dt.timedelta(hours=4)):
        create_ticket(
            actor=actor, caller=_CALLER, request_type=kinds["hardware_fault"], subject="电话报修：打印机不进纸",
            description="来电人没有邮箱，请电话或短信联系。", form_key="demo-call-00000001",
        )  # fmt: skip
        thrown = create_ticket(
            actor=actor, caller=Caller(name="Unknown", phone="13800138005"), request_type=kinds["suggestion"],
            subject="Advertising call", description="Wanted to sell us toner.", form_key="demo-call-00000002",
        )  # fmt: skip
        delete_ticket(actor=actor, ticket=thrown)
    OutgoingMail.objects.filter(pk__gt=mails).update(state=MailState.SENT, sent_at=context.now)
    OutgoingSms.objects.filter(pk__gt=texts).update(state=SmsState.DELIVERED, sent_at=context.now)


def _last(model: type[OutgoingMail] | type[OutgoingSms]) -> int:
    return model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
