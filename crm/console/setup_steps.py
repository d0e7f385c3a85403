"""The platform's first steps: people, mail, hours."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.accounts.models import Department, Team, User
from crm.activity.models import Activity
from crm.calendars.models import Calendar, Shift
from crm.core import clock
from crm.core.actor import Actor
from crm.core.first_steps import SetupStep, setup_steps
from crm.core.models import Brand
from crm.core.sockets import activity_types
from crm.messaging.choices import MailState
from crm.messaging.models import Mailbox, OutgoingMail


def departments(_viewer: Actor) -> str:
    count = Department.objects.count()
    return ngettext("%(n)s department", "%(n)s departments", count) % {"n": count} if count else ""


def teams(_viewer: Actor) -> str:
    count = Team.objects.active().count()
    return ngettext("%(n)s team", "%(n)s teams", count) % {"n": count} if count else ""


def colleagues(viewer: Actor) -> str:
    count = User.objects.active().exclude(pk=viewer.user_id or 0).count()
    return ngettext("%(n)s colleague", "%(n)s colleagues", count) % {"n": count} if count else ""


def mail_server(_viewer: Actor) -> str:
    """Done when a server is set and has taken a mail, be it a test or a real one."""
    if settings.EMAIL_BACKEND.rsplit(".", 2)[-2] in {"console", "filebased", "dummy"}:
        return ""
    tested = Activity.objects.filter(type=activity_types["console.mail_tested"].code, data__taken=True)
    if tested.exists() or OutgoingMail.objects.filter(state=MailState.SENT).exists():
        return str(settings.EMAIL_HOST)
    return ""


def sender(_viewer: Actor) -> str:
    address = Brand.default().sender_email
    return "" if address.endswith(".example") else address


def mailbox(_viewer: Actor) -> str:
    first = Mailbox.objects.order_by("pk").first()
    return first.address if first is not None else ""


def holidays(_viewer: Actor) -> str:
    """Done when the default hours know this year's days off."""
    calendar = Calendar.objects.filter(is_default=True).first()
    count = calendar.holidays.filter(date__year=clock.now().year).count() if calendar else 0
    said = ngettext("%(calendar)s, %(n)s special day this year", "%(calendar)s, %(n)s special days this year", count)
    return said % {"calendar": calendar.name, "n": count} if calendar is not None and count else ""


def shifts(_viewer: Actor) -> str:
    count = Shift.objects.values("user").distinct().count()
    return ngettext("%(n)s person has shifts", "%(n)s people have shifts", count) % {"n": count} if count else ""


setup_steps.register(
    SetupStep(
        "console.departments", _("Departments"),
        _("The tree of the company; people, teams and what they may see hang on it."),
        _("Create a department"), "department", "console:department_create", "console.manage_structure", departments,
        order=8, needed=True,
    ),
    SetupStep(
        "console.teams", _("Teams"), _("A team answers one kind of request; every ticket goes to one."),
        _("Create a team"), "team", "console:team_create", "console.manage_structure", teams, order=10, needed=True,
    ),
    SetupStep(
        "console.staff", _("Invite your colleagues"),
        _("From a CSV or Excel file with their roles, or one by one; each gets a mail to set a password."),
        _("Bring in a file"), "import", "console:staff_import", "console.manage_staff", colleagues, order=20,
    ),
    SetupStep(
        "console.mail", _("Mail server"), _("Answers, invitations and links go out by your own mail server."),
        _("Set and test"), "send", "console:mail_server", "messaging.manage_mail", mail_server, order=40,
    ),
    SetupStep(
        "console.sender", _("The address that customers see"), _("Every mail comes from it, with your name."),
        _("Set the sender"), "brand", "console:brand_update", "console.manage_brand", sender, order=42,
    ),
    SetupStep(
        "console.mailbox", _("A mailbox for requests"), _("A mail to your support address becomes a ticket."),
        _("Add a mailbox"), "mail", "console:mailbox_create", "messaging.manage_mailboxes", mailbox, order=44,
    ),
    SetupStep(
        "console.calendar", _("Working hours and holidays"),
        _("Deadlines count in them, with public holidays and make-up workdays."),
        _("Open the calendars"), "calendar", "console:calendar_list", "calendars.manage", holidays, order=60,
    ),
    SetupStep(
        "console.shifts", _("Shifts"),
        _("Tickets go to people who are on shift; without one, the default working hours are theirs."),
        _("Plan shifts"), "shift", "console:roster", "calendars.manage", shifts, order=62,
    ),
)  # fmt: skip
