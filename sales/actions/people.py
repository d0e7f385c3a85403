"""Who works on a deal, what it is about, and how it changes hands."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from customers.actions.orders import NewLine

from ..exceptions.opportunities import OpportunityIsClosed
from ..models import Collaborator, Opportunity
from .lines import store_lines
from .opportunities import locked, tell


@action(permission="opportunities.update")
def set_lines(*, actor: Actor, opportunity: Opportunity, lines: Sequence[NewLine]) -> Opportunity:
    """Replaces the products of a deal; its amount is their sum, and stays where there are none.

    Raises `Invalid` naming the line, `OpportunityIsClosed`, `NotFound`.
    """
    row = locked(actor, opportunity)
    if not row.is_open:
        raise OpportunityIsClosed
    store_lines(row, lines)
    tell(actor, "opportunities.lines_set", row, {"count": len(lines)})
    return row


@action(permission="opportunities.update")
def set_collaborators(*, actor: Actor, opportunity: Opportunity, users: Sequence[User]) -> Opportunity:
    """Says which colleagues work on a deal beside its owner. Nothing is written when they do already.

    Raises `Invalid` for somebody who left, `NotFound`.
    """
    row = locked(actor, opportunity)
    if any(not user.is_active for user in users):
        raise Invalid(fields={"users": _("Choose colleagues who still work here")})
    wanted = {user.pk: user for user in users if user.pk != row.owner_id}
    present = set(row.collaborators.values_list("user_id", flat=True))
    if present == set(wanted):
        return row
    row.collaborators.exclude(user_id__in=wanted).delete()
    Collaborator.objects.bulk_create(Collaborator(opportunity=row, user_id=pk) for pk in sorted(set(wanted) - present))
    names = ", ".join(user.name for user in wanted.values()) or "--"
    tell(actor, "opportunities.collaborators_set", row, {"names": names})
    return row


@action(permission="opportunities.update", leaves_scope=True)
def hand_over(*, actor: Actor, opportunity: Opportunity, to: User) -> Opportunity:
    """Makes a colleague the owner; the deal moves to their department. Raises `Invalid`, `NotFound`."""
    row = locked(actor, opportunity)
    if not to.is_active:
        raise Invalid(fields={"to": _("Choose a colleague who still works here")})
    if row.owner_id == to.pk:
        return row
    row.owner, row.department_id = to, to.department_id
    row.save(update_fields=["owner", "department"])
    row.collaborators.filter(user=to).delete()
    tell(actor, "opportunities.handed_over", row, {"to": to.name, "owner_id": to.pk})
    return row
