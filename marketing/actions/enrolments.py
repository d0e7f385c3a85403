"""What colleagues do with single people in journeys."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_line

from ..choices.journeys import EnrolmentState
from ..exceptions import WrongJourneyState
from ..models import Enrolment


@action(permission="journeys.run")
def take_out(*, actor: Actor, record: Enrolment, why: str) -> Enrolment:
    """Somebody leaves at once, and says why. Raises `Invalid`, `NotFound`, `WrongJourneyState` when they have left."""
    said = clean_line(why, 300)
    if not said:
        raise Invalid(fields={"why": _("Say why, such as: they asked us to stop")})
    row = Enrolment.objects.visible_to(actor).lock().filter(pk=record.pk).first()
    if row is None:
        raise NotFound
    if row.state != EnrolmentState.INSIDE:
        raise WrongJourneyState(_("They have left the journey already."))
    row.state, row.step, row.left_at, row.left_why = EnrolmentState.TAKEN_OUT, None, clock.now(), said
    row.save(update_fields=["state", "step", "left_at", "left_why"])
    _tell(actor, row, said)
    return row


def _tell(actor: Actor, row: Enrolment, said: str) -> None:
    person = row.contact or row.customer
    record(
        actor=actor, type="journeys.taken_out", subject=row.journey, anchors=[row.customer, row.contact],
        data={"name": row.journey.name, "person": person.name, "why": said},
    )  # fmt: skip
